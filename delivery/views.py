"""Readers' pages by the one-query route, and media files."""

import logging
import mimetypes
import posixpath
import re
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.documents.views.serve import serve as serve_document
from wagtail.views import serve as wagtail_serve

from delivery import maintenance, passwords, redirects, routing, sites, untranslated
from delivery.page_cache import for_everybody
from delivery.storage import STORE_FAULTS

RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")
YEAR = 31_536_000
# After so many seconds one may ask again for a file that could not be had.
ASK_AGAIN = 30
logger = logging.getLogger("portal.media")


def serve(request, path=""):
    """Serve a page: our route, then Wagtail's own view with all its hooks."""
    request._wagtail_site = sites.site()
    if not path and (short := redirects.short_link(request)):
        return short
    try:
        request._wagtail_route_for_request = routing.resolve(request, path)
    except Http404:
        return untranslated.answer(request, path)
    page = request._wagtail_route_for_request.page
    if page.alias_of_id:
        # Everything around its words is in their language too, until this response has been made.
        translation.activate(page.language)
    response = wagtail_serve(request, path)
    is_shared = sites.is_public(page.path) and settings.SESSION_COOKIE_NAME not in request.COOKIES
    if is_shared:
        if not response.has_header("Cache-Control"):
            for_everybody(response)
        # https://httpwg.org/http-extensions/draft-ietf-httpbis-no-vary-search.html
        read = page.specific_class.read_parameters if path else sorted(redirects.short_parameters())
        names = " ".join(f'"{name}"' for name in read)
        response.headers.setdefault("No-Vary-Search", f"params, except=({names})")
    else:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def server_error(request):
    """Say that the fault is ours, in the language of the address, without asking the database for anything.

    Whoever sent a form hears that it did not arrive.
    """
    language = translation.get_language() or settings.LANGUAGE_CODE
    direction = "rtl" if translation.get_language_info(language)["bidi"] else "ltr"
    is_form = request.method not in maintenance.SAFE and not maintenance.is_for_staff(request)
    context = {"language": language, "direction": direction, "is_form": is_form}
    return HttpResponse(render_to_string("500.html", context), status=500)


def from_store(view):
    """Have a view that gives a file answer with the status 503 where the store of the files does not."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except STORE_FAULTS as error:
            logger.warning("The store of the files does not answer: %s", error)
            response = server_error(request)
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
            response["Retry-After"], response["Cache-Control"] = str(ASK_AGAIN), "no-store"
            return response

    return answer


@require_safe
@from_store
def media(request, path):
    """Serve a file of the media storage, with ranges, validators and a long life.

    Renditions are for everybody; originals and other uploads only for people who work here. Documents go
    through Wagtail's own view, which checks who may read them.
    """
    if not path.startswith("images/") and not _is_staff(request):
        raise Http404("No such file")
    if path.startswith("documents/") or not _is_plain(path):
        raise Http404("No such file")
    try:
        file = default_storage.open(path)
        size, changed = file.size, int(default_storage.get_modified_time(path).timestamp())
    except STORE_FAULTS:
        raise
    except (OSError, ValueError) as error:
        raise Http404("No such file") from error
    etag = f'"{changed:x}-{size:x}"'
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(changed),
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": f"public, max-age={YEAR}, immutable" if path.startswith("images/") else "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if _is_fresh(request, etag, changed):
        file.close()
        return HttpResponseNotModified(headers=headers)
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return _whole_or_range(request, file, size, etag, kind, headers)


@from_store
def document(request, document_id, document_filename):
    """Serve a document by Wagtail's own view, which checks who may read it, to be asked for anew each time.

    Who may read a closed one has a session, and for that reader nobody keeps anything.
    """
    response = serve_document(request, document_id, document_filename)
    if isinstance(response, TemplateResponse):
        passwords.ask_in_language(request, response, document_id)
    # Wagtail 8.0 says "None" there, and strict clients take it for a coding that they do not know.
    # https://github.com/wagtail/wagtail/blob/v8.0.1/wagtail/utils/sendfile.py#L104
    response.headers.pop("Content-Encoding", None)
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    response.headers.setdefault("Cache-Control", "private, no-store" if has_session else "no-cache")
    # Status 200 alone may also be a form that asks for the password.
    is_file = response.status_code == HTTPStatus.OK and response.streaming
    if is_file:
        known = get_document_model().objects.filter(pk=document_id).exclude(language=None)
        for code in known.values_list("language__language_code", flat=True):
            response["Content-Language"] = code
    return _wanted_part(request, response, document_id) if is_file and "Range" in request.headers else response


def _wanted_part(request, response, document_id):
    """Return what a player asks for of a document; Wagtail's view knows no ranges."""
    file = get_document_model().objects.get(pk=document_id).file
    kept = {name: value for name, value in response.items() if name not in ("Content-Length", "Content-Type")}
    headers = kept | {"Accept-Ranges": "bytes"}
    kind, etag = response["Content-Type"], response.get("ETag")
    return _whole_or_range(request, file.open("rb"), file.size, etag, kind, headers)


def _is_plain(path):
    """Return whether a path is spelled as files are named; some storage reads "./" or a backslash as something else."""
    is_odd = path.startswith("/") or ".." in path or "\\" in path
    return not is_odd and posixpath.normpath(path) == path


def _is_staff(request):
    return bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME)) and request.user.has_perm(
        "wagtailadmin.access_admin"
    )


def _is_fresh(request, etag, changed):
    known = request.headers.get("If-None-Match")
    if known is not None:
        return known.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and changed <= since


def _whole_or_range(request, file, size, etag, kind, headers):
    wanted = RANGE.match(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    if not wanted or wanted.groups() == ("", "") or (condition and condition != etag):
        return FileResponse(file, content_type=kind, headers={**headers, "Content-Length": str(size)})
    first, last = wanted.groups()
    if first:
        start, end = int(first), min(int(last or size - 1), size - 1)
    else:
        start, end = max(size - int(last), 0), size - 1
    if start > end or start >= size:
        file.close()
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    file.seek(start)
    response = FileResponse(_Slice(file, end - start + 1), status=206, content_type=kind, headers=headers)
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    return response


class _Slice:
    """A part of an open file, read from its present position."""

    def __init__(self, file, length):
        self.file = file
        self.left = length

    def read(self, size=-1):
        size = self.left if size < 0 else min(size, self.left)
        data = self.file.read(size)
        self.left -= len(data)
        return data

    def close(self):
        self.file.close()
