"""Smaller answers to readers: templates without their indentation, and answers compressed on the way out.

Only what is the same for everybody is compressed: an answer that mixes a secret with a reader's own words would let
the secret be guessed from its length (https://www.breachattack.com).
"""

import gzip
import re
from http import HTTPStatus

import brotli
from django.template.loaders.filesystem import Loader
from django.utils.cache import patch_vary_headers

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
SMALLEST = 500
TYPES = (
    "text/",
    "application/json",
    "application/feed+json",
    "application/rss+xml",
    "application/atom+xml",
    "application/xml",
)


class IndentFreeLoader(Loader):
    """Our own HTML templates as they are written, less the space at the beginning of their lines."""

    def get_contents(self, origin):
        contents = super().get_contents(origin)
        return INDENTATION.sub("", contents) if origin.name.endswith(".html") else contents


class CompressionMiddleware:
    """Brotli or gzip for public text, as the browser likes it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not self.may_be_compressed(response):
            if response.status_code == HTTPStatus.NOT_MODIFIED:
                # As the answer that it stands for.
                patch_vary_headers(response, ("Accept-Encoding",))
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        accepted = request.headers.get("Accept-Encoding", "")
        if re.search(r"\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted):
            return self.compressed(response, "br", brotli.compress(response.content, quality=5))
        if re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted):
            return self.compressed(response, "gzip", gzip.compress(response.content, 6, mtime=0))
        return response

    @staticmethod
    def may_be_compressed(response):
        return (
            response.headers.get("Cache-Control", "").startswith("public")
            and response.headers.get("Content-Type", "").startswith(TYPES)
            and not (response.streaming or response.has_header("Content-Encoding"))
            and len(response.content) >= SMALLEST
        )

    @staticmethod
    def compressed(response, coding, content):
        response.content = content
        response.headers["Content-Encoding"] = coding
        response.headers["Content-Length"] = str(len(content))
        if response.headers.get("ETag", "").startswith('"'):
            response.headers["ETag"] = f"W/{response.headers['ETag']}"
        return response
