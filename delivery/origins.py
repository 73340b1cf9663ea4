"""Where a request that changes something comes from: forms on cached pages carry no token."""

from django.conf import settings


def origin_of(request):
    """Return where a request says that it comes from: same, foreign or unknown.

    A browser says it in ``Origin`` or ``Sec-Fetch-Site``, and no script of another site can write either.
    """
    origin = request.headers.get("Origin")
    if origin and origin != "null":
        own = {settings.PUBLIC_URL, f"{request.scheme}://{request.get_host()}"}
        return "same" if origin in own else "foreign"
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return "same" if site == "same-origin" else "foreign"
    return "foreign" if origin == "null" else "unknown"
