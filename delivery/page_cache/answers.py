"""Answers as the page cache has them: made by Django once, packed for every reader, known again by what they hold."""

import gzip
import hashlib
import re
from http import HTTPStatus
from time import time

import brotli
from django.conf import settings
from django.utils.http import http_date, parse_http_date_safe

UNKEPT = "public, no-cache"
SMALLEST_PACKED = 500
MOST_CODINGS, LONGEST_CODINGS = 1_000, 200
LARGEST_KEPT = 1024 * 1024
# Nothing of this reaches Django for an answer that is for everybody.
PERSONAL = ("HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
TEXT = (
    "text/",
    "application/json",
    "application/feed+json",
    "application/rss+xml",
    "application/atom+xml",
    "application/xml",
)
# Of each answer, those of the codings that may be used for it.
IS_ACCEPTED = {coding: re.compile(rf"\b{coding}\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))").search for coding in ("br", "gzip")}
OWN = ("etag", "last-modified", "content-length", "vary")
# What an answer without its body repeats, beside what it is known by.
REPEATED = ("access-control-", "cache-control", "content-language", "no-vary-search", "vary")
READ_PARAMETERS = re.compile(r"^params, except=\(([^)]*)\)$")
# A date in whole seconds tells an answer from the one before it only when a second has gone by.
SETTLED_SECONDS = 1


def for_everybody(response):
    """Let an answer of Django say that it is the same for everybody; browsers ask each time whether still so."""
    seconds = settings.FRONT_CACHE_SECONDS
    response["Cache-Control"] = f"public, max-age=0, must-revalidate, s-maxage={seconds}" if seconds else UNKEPT
    return response


class Answer:
    """What is said to one request.

    Args:
        status: as ``200 OK``.
        headers: (name, value) of each.
        body: bytes.
    """

    __slots__ = ("_head", "body", "headers", "status")

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self._head = None

    @property
    def head(self):
        """The status and the headers as HTTP has them, without the empty line at their end."""
        if self._head is None:
            lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self.headers)]
            self._head = "\r\n".join(lines).encode("latin-1")
        return self._head

    def give(self, start_response):
        """Answer by WSGI."""
        # A list of its own for each request: a server may add to it.
        start_response(self.status, self.headers[:])
        return [self.body] if self.body else []


class Made:
    """An answer that was made just now."""

    def __init__(self, application, environ):
        environ = {name: value for name, value in environ.items() if name not in PERSONAL}
        self.at = time()
        self.chunks = application(environ, self.start)

    def start(self, status, headers, exc_info=None):
        self.status, self.headers = status, headers

    @property
    def sets_cookies(self):
        return any(name.lower() == "set-cookie" for name, _value in self.headers)

    @property
    def is_for_everybody(self):
        """Whether the answer itself allows to be kept, and is text that can be."""
        said = {name.lower(): value for name, value in self.headers}
        return (
            self.status.startswith(f"{HTTPStatus.OK.value} ")
            and "public" in said.get("cache-control", "")
            and said.get("content-type", "").startswith(TEXT)
            and said.get("vary", "Accept-Encoding").lower() == "accept-encoding"
            and not {"set-cookie", "content-encoding"} & said.keys()
            and int(said.get("content-length", 0)) <= LARGEST_KEPT
        )

    def close(self):
        getattr(self.chunks, "close", lambda: None)()

    def kept(self):
        """Return the ``Kept`` answer; this one cannot be given any more."""
        try:
            body = b"".join(self.chunks)
        finally:
            self.close()
        return Kept([(name, value) for name, value in self.headers if name.lower() not in OWN], packed(body), self.at)


def packed(body):
    """Return {coding: bytes} of a body; one that is short already is left as it is."""
    if len(body) < SMALLEST_PACKED:
        return {"": body}
    return {"": body, "br": brotli.compress(body, quality=5), "gzip": gzip.compress(body, 6, mtime=0)}


class Kept:
    """An answer that is given again: status 200, the same for everybody.

    Args:
        headers: (name, value) of all that does not depend on the coding.
        bodies: {coding: bytes}; the coding "" is the plain text.
        made_at: when it was begun to be made, in seconds since 1970.
    """

    __slots__ = ("bodies", "dated", "headers", "made_at", "repeated", "settles_at", "size", "undated")

    def __init__(self, headers, bodies, made_at):
        self.headers, self.bodies, self.made_at = headers, bodies, made_at
        self.settles_at = made_at + SETTLED_SECONDS
        tag = hashlib.sha256(bodies[""]).hexdigest()[:20]
        given = [*headers, ("Vary", "Accept-Encoding")]
        date = ("Last-Modified", http_date(made_at))
        self.undated = {coding: self.whole(given, tag, coding, body) for coding, body in bodies.items()}
        self.dated = {coding: self.whole([*given, date], tag, coding, body) for coding, body in bodies.items()}
        self.repeated = [(name, value) for name, value in given if name.lower().startswith(REPEATED)]
        self.size = sum(map(len, bodies.values())) + 8_000

    @staticmethod
    def whole(headers, tag, coding, body):
        """Return (ETag, ``Answer``)."""
        etag = f'"{tag}-{coding}"' if coding else f'"{tag}"'
        own = [("ETag", etag), ("Content-Length", str(len(body)))]
        return etag, Answer("200 OK", [*headers, *own, *([("Content-Encoding", coding)] if coding else [])], body)

    @property
    def parameters(self):
        """The names of the query's parameters that the answer depends on, or None where that may be all of them."""
        said = next((value for name, value in self.headers if name.lower() == "no-vary-search"), "")
        found = READ_PARAMETERS.match(said)
        return tuple(found[1].replace('"', "").split()) if found else None

    def answer(self, environ):
        """Return the ``Answer`` to a request."""
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        coding = _coding(accepted) if accepted else ""
        is_settled = time() > self.settles_at
        by_coding = self.dated if is_settled else self.undated
        etag, whole = by_coding.get(coding) or by_coding[""]
        if self.is_known(environ, etag, is_settled):
            dated = [("Last-Modified", http_date(self.made_at))] if is_settled else []
            return Answer("304 Not Modified", [*self.repeated, ("ETag", etag), *dated], b"")
        return whole if environ["REQUEST_METHOD"] == "GET" else Answer(whole.status, whole.headers, b"")

    def is_known(self, environ, etag, is_settled):
        """Return whether who asks has this answer already."""
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None:
            return known.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        moment = parse_http_date_safe(since) if since and is_settled else None
        return moment is not None and int(self.made_at) <= moment


_codings = {}


def _coding(accepted):
    """Return the coding that is best for who accepts these, or "" for the plain text."""
    known = _codings.get(accepted)
    if known is None:
        known = next((coding for coding, is_accepted in IS_ACCEPTED.items() if is_accepted(accepted)), "")
        if len(_codings) < MOST_CODINGS and len(accepted) <= LONGEST_CODINGS:
            _codings[accepted] = known
    return known
