"""Addresses that lead elsewhere: what editors recorded, and what followed when a page or a list got another address.

Wagtail 8.0's own middleware asks the database up to four times for each address that is not found, leads from an
address to itself, and fails where two redirects for all sites have the same address. Nothing in the database prevents
that (its form does, but not for two editors in one moment); here the later one counts. The tests show each fault on
Wagtail's middleware, so that this module can go when it has mended them.

Wagtail records a page that got another address and the pages below it, but not what else stands there: feeds, lists
by topic or month, a page's other forms. They are found below the nearest page that was recorded.

Addresses that mean the same in other characters are found here too.
"""

import re
import unicodedata
from functools import reduce
from operator import or_
from urllib.parse import parse_qsl, urlparse

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Left, StrIndex
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils import translation
from django.utils.encoding import escape_uri_path, iri_to_uri, uri_to_iri
from django.utils.http import escape_leading_slashes, urlencode
from wagtail.contrib.redirects.models import Redirect

from delivery import routing, sites
from delivery.generation import per_generation
from delivery.page_cache import for_everybody

PLAIN = re.compile(r"[\w.-]+", re.ASCII)
LONGEST = Redirect._meta.get_field("old_path").max_length


class RedirectMiddleware:
    """Lead elsewhere from an address that nothing else answers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        return (recorded(request) or composed(request) or response) if response.status_code == 404 else response


def record(page_id, address, before, after):
    """Record that what stood at an address below a page stands at another one there.

    Args:
        page_id, address: the page's.
        before, after: what follows on its address, for example ``topics/policy/``.
    """
    old, new = (Redirect.normalise_path(f"{address}{route}") for route in (before, after))
    if max(len(old), len(new)) > LONGEST:
        return
    known = Redirect.objects.filter(redirect_page_id=page_id)
    known.filter(redirect_page_route_path=f"/{before}").update(redirect_page_route_path=f"/{after}")
    Redirect.objects.filter(old_path__in=[old, new], automatically_created=True).delete()
    aim = {"redirect_page_id": page_id, "redirect_page_route_path": f"/{after}"}
    Redirect.objects.create(old_path=old, site=sites.site(), automatically_created=True, **aim)


def recorded(request):
    """Return the response that leads to where an address, or what it stood below, was recorded to lead, or None."""
    addresses, above = _addresses(request.get_full_path()), _above(request.path_info)
    nearest = [*addresses, *above]
    found = Redirect.get_for_site(sites.site()).filter(old_path__in=nearest)
    found = found.select_related("redirect_page")
    for one in sorted(found, key=lambda one: (nearest.index(one.old_path), one.site_id is None, -one.pk)):
        link = _link(one) if one.old_path in addresses else _below(request, one, *above[one.old_path])
        if link:
            return _leading(one, link)
    return None


@per_generation
def short_links():
    """Return the sets of names of parameters, the largest first, by which addresses differ from a front page's.

    Such an address was recorded, as ``/?p=123``. A front page names its parameters in a header, so that one with a
    name of other signs leads nowhere. Of those with one parameter, of which an archive has as many as articles, the
    database gives each name once.
    """
    begins = [f"{edition.prefix.rstrip('/') or '/'}?" for edition in sites.live_editions().values()]
    if not begins:
        return []
    found = Redirect.objects.filter(reduce(or_, (Q(old_path__startswith=begin) for begin in begins)))
    is_single = Q(old_path__contains="=") & ~Q(old_path__contains="&")
    name = Left("old_path", StrIndex("old_path", Value("=")))
    addresses = found.values_list(Case(When(is_single, then=name), default="old_path"), flat=True).distinct()
    queries = [parse_qsl(urlparse(address).query, keep_blank_values=True) for address in addresses]
    sets = {frozenset(name for name, _value in query) for query in queries}
    return sorted((names for names in sets if names and all(map(PLAIN.fullmatch, names))), key=len, reverse=True)


def short_parameters():
    """Return the names of all the parameters that a front page may lead elsewhere by."""
    return frozenset().union(*short_links())


def short_link(request):
    """Return the response that leads from a front page with a query to where an editor recorded, or None.

    Short links of WordPress are such addresses; the front page answers them else, whatever their query says. What else
    is in a query changes nothing; of two addresses that it has all the parameters of, the longer one counts.
    """
    given = dict(request.GET.items())
    queries = [urlencode({name: given[name] for name in names}) for names in short_links() if names <= given.keys()]
    if not queries:
        return None
    asked = [Redirect.normalise_path(f"{request.path_info}?{query}", decode_unicode=False) for query in queries]
    nearest = [form(address) for address in asked for form in (str, uri_to_iri)]
    found = Redirect.get_for_site(sites.site()).filter(old_path__in=nearest)
    found = found.select_related("redirect_page")
    for one in sorted(found, key=lambda one: (nearest.index(one.old_path) // 2, one.site_id is None, -one.pk)):
        if link := _link(one):
            return _leading(one, link)
    return None


def composed(request):
    """Return the response that leads to the same address in composed letters (NFC), as slugs are, or None if it is.

    macOS writes a letter and its mark as two characters, in the names of files, and people paste those. What is
    recorded or stored in such letters was found before.
    """
    path = unicodedata.normalize("NFC", request.path)
    if path == request.path or request.method not in ("GET", "HEAD"):
        return None
    query = request.META.get("QUERY_STRING", "")
    address = escape_leading_slashes(escape_uri_path(path))
    return for_everybody(HttpResponsePermanentRedirect(f"{address}?{iri_to_uri(query)}" if query else address))


def _leading(redirect, link):
    """Return the response; browsers would keep a permanent one for ever, whatever stands at the address next."""
    return for_everybody((HttpResponsePermanentRedirect if redirect.is_permanent else HttpResponseRedirect)(link))


def _link(redirect):
    """Return where a redirect leads, or None where to itself, for ever: its page came back, and is not live now."""
    link = redirect.link
    is_round = link and link.startswith("/") and Redirect.normalise_path(link) == uri_to_iri(redirect.old_path)
    return None if is_round else link


def _below(request, redirect, words, form):
    """Return the address of what stood below a page's old address, or None where nothing answers there.

    Args:
        request: the reader's request.
        redirect: the ``Redirect`` of the page.
        words: what followed in the address.
        form: the ending of a page in another form, or "".
    """
    page = redirect.redirect_page
    edition = sites.editions_by_locale().get(page.locale_id) if page and redirect.automatically_created else None
    base = sites.page_url(page.url_path, page.locale_id) if edition else None
    if base is None:
        return None
    address = "/".join([f"{base.rstrip('/')}{redirect.redirect_page_route_path}".rstrip("/"), *words, ""])
    try:
        with translation.override(edition.language):
            found = routing.resolve(request, address.removeprefix(edition.prefix)).page
    except Http404:
        return None
    if form:
        address = f"{address.rstrip('/')}.{form}"
    has_form = not form or form in getattr(found, "twins", {})
    return address if has_form and address != request.path_info else None


def _addresses(full_path):
    """Return what may be recorded for a path as it was asked for: with its query before without, decoded before not."""
    asked = Redirect.normalise_path(full_path, decode_unicode=False)
    forms = [form(address) for address in (asked, urlparse(asked).path) for form in (uri_to_iri, str)]
    # PostgreSQL takes no NUL.
    return [address for address in forms if "\0" not in address]


def _above(path):
    """Return {address: (words, form)} of all that an address stands below, the nearest first, and how it goes on there.

    A page in another form stands at the page's own address with an ending, and so below it.
    """
    stem, _dot, form = path.rpartition(".")
    if not form.isalpha():
        stem, form = path, ""
    words = [word for word in stem.split("/") if word]
    lengths = range(min(len(words) - (not form), routing.DEEPEST), 0, -1)
    above = {f"/{'/'.join(words[:length])}": (words[length:], form) for length in lengths}
    return {address: rest for address, rest in above.items() if len(address) <= LONGEST}
