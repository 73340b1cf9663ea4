"""Answers that machines ask for again and again: unchanged ones cost neither their making nor their sending."""

import hashlib
from datetime import timedelta
from http import HTTPStatus

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date

from delivery import generation
from delivery.generation import per_generation


@per_generation
def _known():
    """Return the validators of this generation by address, filled as the addresses are asked for."""
    return {}


def answer(request, content_type, make):
    """Return what ``make`` gives, with ETag and Last-Modified, or the status 304 to whoever has it already.

    Args:
        request: the reader's request. Its query string must not change the answer.
        content_type: of the answer.
        make: a function without arguments that returns the text; it must depend on nothing but the content.
    """
    known = _known()
    validators = known.get(request.path)
    if validators and (unchanged := _unchanged(request, validators)):
        return _with(validators, unchanged)
    # Before the text is made: what changes meanwhile must not carry a later date than its own.
    changed = generation.changed_at()
    response = HttpResponse(make(), content_type=content_type)
    validators = {"ETag": f'"{hashlib.sha256(response.content).hexdigest()[:20]}"'}
    # A date counts whole seconds, in which more may still happen.
    if changed and timezone.now() - changed > timedelta(seconds=1):
        validators["Last-Modified"] = http_date(changed.timestamp())
        known[request.path] = validators
    return _with(validators, _unchanged(request, validators) or response)


def _unchanged(request, validators):
    changed = validators.get("Last-Modified")
    answered = get_conditional_response(
        request, etag=validators["ETag"], last_modified=parse_http_date(changed) if changed else None
    )
    return answered if answered is not None and answered.status_code == HTTPStatus.NOT_MODIFIED else None


def _with(validators, response):
    for name, value in validators.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "public, no-cache"
    return response
