"""Answers that machines ask for again and again: unchanged ones cost neither their making nor their sending."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from delivery.generation import per_generation

SETTLED = timedelta(seconds=1)
MOST_KNOWN = 1_000


@dataclass
class _Known:
    """What this process has answered since it first saw a generation, on one day."""

    since: datetime
    etags: dict


@per_generation
def _known(day):
    """Return what is known of the present generation; on another day, pictures may have lost their rights."""
    return _Known(timezone.now(), {})


def answer(request, content_type, make):
    """Return what ``make`` gives, with ETag and Last-Modified, or the status 304 to whoever has it already.

    Args:
        request: the reader's request. Its query string must not change the answer.
        content_type: of the answer.
        make: a function without arguments that returns the text; it must depend on nothing but content and day.
    """
    known = _known(timezone.localdate())
    etag = known.etags.get(request.path)
    if etag and (unchanged := _unchanged(request, etag, known.since)):
        return unchanged
    response = HttpResponse(make(), content_type=content_type)
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:20]}"'
    if len(known.etags) < MOST_KNOWN:
        known.etags[request.path] = etag
    return _unchanged(request, etag, known.since) or _with(response, etag, known.since)


def _unchanged(request, etag, since):
    """Return the answer 304, or None where the reader has to be sent the text."""
    moment = int(since.timestamp()) if _is_settled(since) else None
    answered = get_conditional_response(request, etag=etag, last_modified=moment)
    if answered is None or answered.status_code != HTTPStatus.NOT_MODIFIED:
        return None
    return _with(answered, etag, since)


def _is_settled(since):
    """Return whether a date in whole seconds tells this content from what was there before."""
    return timezone.now() - since > SETTLED


def _with(response, etag, since):
    response.headers["ETag"] = etag
    if _is_settled(since):
        # Never earlier than the content: a process sees a change after it was committed.
        response.headers["Last-Modified"] = http_date(since.timestamp())
    response.headers["Cache-Control"] = "public, no-cache"
    return response
