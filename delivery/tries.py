"""How often a password may be tried, and a mail for a new one be asked for, before a pause is due.

Each web process counts by itself. Whom others try to get in as can go on in another network; a mail for a new password
that somebody else asked for serves its owner as well as one of their own.
"""

from functools import wraps
from http import HTTPStatus

from django.shortcuts import render
from django.views.decorators.cache import never_cache

from delivery.limits import Limit, client_address, network_around

# Seconds; what is refused may be tried once more after them.
PAUSE, HOUR = 900, 3600
SIGN_INS, SIGN_INS_BY_NAME = Limit(10, PAUSE), Limit(10, PAUSE)
READERS = Limit(10, PAUSE)
RESETS, RESETS_BY_ADDRESS = Limit(10, HOUR), Limit(4, HOUR)
LIMITS = (SIGN_INS, SIGN_INS_BY_NAME, READERS, RESETS, RESETS_BY_ADDRESS)
LONGEST_NAME = 254


def of_sign_in(request):
    client = client_address(request)
    return [(SIGN_INS, client), (SIGN_INS_BY_NAME, f"{network_around(client)} {_sent(request, 'username')}")]


def of_reset(request):
    return [(RESETS, client_address(request)), (RESETS_BY_ADDRESS, _sent(request, "email"))]


def of_reader(request):
    return [(READERS, client_address(request))]


def limited(view, keys, counts_all=False):
    """Return a view that answers what is sent too often with the status 429, and that no cache keeps.

    Args:
        view: one that leads on where the password is right.
        keys: a function from a request to (``Limit``, key) of each limit that it falls under.
        counts_all: whether what leads on counts too.
    """

    @wraps(view)
    @never_cache
    def answer(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        taken = keys(request)
        # Counted before it is known whether it is right: many at once are no way around.
        if not all(limit.allows(key) for limit, key in taken):
            response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
            response["Retry-After"] = str(PAUSE)
            return response
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.FOUND and not counts_all:
            for limit, key in taken:
                limit.give_back(key)
        return response

    return answer


def _sent(request, field):
    return request.POST.get(field, "").strip().casefold()[:LONGEST_NAME]
