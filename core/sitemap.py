"""The site map for search engines: an index over files for each language, few enough addresses in each to be kept."""

from datetime import UTC

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe
from wagtail.models import Page

from core.cards import unlisted_ids
from delivery import alternates, due, sites
from delivery.page_cache import for_everybody

# Each takes some 150 bytes, and as much again for each language of the site.
ADDRESSES_PER_FILE = 250
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
FIELDS = ("url_path", "path", "live", "locale_id", "alias_of_id", "translation_key", "last_published_at")


@require_safe
def index(request):
    """List the files of all languages."""
    counts = dict(_pages().order_by().values_list("locale_id").annotate(Count("pk")))
    addresses = [
        f"/sitemap-{edition.language}-{number + 1}.xml"
        for edition in sites.live_editions().values()
        for number in range(-(-counts.get(edition.locale_id, 0) // ADDRESSES_PER_FILE))
    ]
    entries = [f"<sitemap><loc>{_absolute(address)}</loc></sitemap>" for address in addresses]
    return _answer(f'<sitemapindex xmlns="{NAMESPACE}">', entries, "</sitemapindex>")


@require_safe
def file(request, language, number):
    """List the addresses of one file, each with its translations, in three queries at most.

    Args:
        language: the code of a language.
        number: the number of the file, from 1.
    """
    edition = sites.live_editions().get(language)
    start = (int(number) - 1) * ADDRESSES_PER_FILE
    if edition is None or start < 0:
        raise Http404("No such language or file")
    pages = list(_pages().filter(locale_id=edition.locale_id).only(*FIELDS)[start : start + ADDRESSES_PER_FILE])
    if not pages:
        raise Http404("No such file")
    translations = _translations(edition, pages)
    entries = [entry for page in pages if (entry := _entry(page, translations[page.translation_key]))]
    root = f'<urlset xmlns="{NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    return _answer(root, entries, "</urlset>")


def _pages():
    """Return what search engines may list, in a lasting order: live, open to everybody, no alias, not unlisted."""
    pages = due.not_over(Page.objects.live()).filter(alias_of__isnull=True, depth__gt=1)
    for path in sites.restricted_paths():
        pages = pages.exclude(path__startswith=path)
    return pages.exclude(pk__in=unlisted_ids()).order_by("pk")


def _translations(edition, pages):
    """Return all translations of pages that follow each other by id, as lists by translation key, in one query."""
    keys = Page.objects.filter(locale_id=edition.locale_id, pk__gte=pages[0].pk, pk__lte=pages[-1].pk)
    found = {page.translation_key: [] for page in pages}
    live = due.not_over(Page.objects.live())
    for page in live.filter(translation_key__in=keys.order_by().values("translation_key")).only(*FIELDS):
        if page.translation_key in found:
            found[page.translation_key].append(page)
    return found


def _entry(page, translations):
    """Return the entry of a page, or an empty string where readers cannot reach it."""
    address = sites.page_url(page.url_path, page.locale_id)
    if address is None:
        return ""
    changed = page.last_published_at
    lastmod = f"<lastmod>{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{_absolute(other)}"/>'
        for language, other in alternates.hreflang(alternates.of_pages(translations))
    )
    return f"<url><loc>{_absolute(address)}</loc>{lastmod}{links}</url>"


def _absolute(address):
    return escape(sites.absolute(address))


def _answer(opening, entries, closing):
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', opening, *entries, closing, ""]
    response = HttpResponse("\n".join(lines), content_type="application/xml")
    for_everybody(response)
    return response
