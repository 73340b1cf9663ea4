"""What readers' pages say of a search: that its results were shown, or that one of them was followed."""

from contextlib import suppress

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, HttpResponseForbidden
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from delivery.limits import Limit, client_address
from delivery.origins import origin_of
from search import report

MAX_BYTES = 4_096
LIMIT = Limit(60, 60)
UNREADABLE = (MultiPartParserError, RequestDataTooBig, SuspiciousOperation, UnreadablePostError)


@csrf_exempt
@never_cache
@require_POST
def seen(request):
    """Write down a search outside the database, and answer 204 whatever it says; 403 to other sites.

    The fields are ``q``, ``total`` and ``page`` where results were shown, ``q`` and ``rank`` where one was followed.
    """
    if origin_of(request) != "same":
        return HttpResponseForbidden()
    if _length(request) <= MAX_BYTES and LIMIT.allows(client_address(request)):
        # What is no form says nothing.
        with suppress(UNREADABLE):
            _note(request.POST)
    return HttpResponse(status=204)


def _length(request):
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else MAX_BYTES + 1


def _note(fields):
    typed, language = fields.get("q", ""), get_language()
    rank, total = _number(fields.get("rank")), _number(fields.get("total"))
    if rank is not None:
        report.note_click(typed, language, rank)
    elif total is not None and _number(fields.get("page", "1")) == 1:
        report.note_search(typed, language, total)


def _number(text):
    """Return a whole number of at most seven digits, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None
