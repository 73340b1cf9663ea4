"""Addresses that lead elsewhere: what editors recorded, and Wagtail did when a page got another address.

Wagtail 8.0's own middleware asks the database up to four times for each address that is not found, leads from an
address to itself, and fails where two redirects for all sites have the same address. Nothing in the database prevents
that (its form does, but not for two editors in one moment); here the later one counts. The tests show each fault on
Wagtail's middleware, so that this module can go when it has mended them.
"""

from urllib.parse import urlparse

from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site


class RedirectMiddleware:
    """Lead elsewhere from an address that nothing else answers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        return (recorded(request) or response) if response.status_code == 404 else response


def recorded(request):
    """Return the response that leads to where an address was recorded to lead, or None."""
    addresses = _addresses(request.get_full_path())
    found = Redirect.get_for_site(Site.find_for_request(request)).filter(old_path__in=addresses)
    nearest_first = sorted(found, key=lambda one: (addresses.index(one.old_path), one.site_id is None, -one.pk))
    redirect = next(iter(nearest_first), None)
    if redirect is None or redirect.link is None or _leads_to_itself(redirect):
        return None
    kind = HttpResponsePermanentRedirect if redirect.is_permanent else HttpResponseRedirect
    return kind(redirect.link)


def _leads_to_itself(redirect):
    """Return whether it would for ever: its page came back to where it was, and is not live now."""
    return redirect.link.startswith("/") and Redirect.normalise_path(redirect.link) == uri_to_iri(redirect.old_path)


def _addresses(full_path):
    """Return what may be recorded for a path as it was asked for: with its query before without, decoded before not."""
    asked = Redirect.normalise_path(full_path, decode_unicode=False)
    forms = [form(address) for address in (asked, urlparse(asked).path) for form in (uri_to_iri, str)]
    # PostgreSQL takes no NUL.
    return [address for address in forms if "\0" not in address]
