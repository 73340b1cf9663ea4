"""The same thing in every language that has it: for the language switch, for search engines, for the sitemap."""

from django.conf import settings

from delivery import sites

DEFAULT = "x-default"


def stands_alone(page):
    """Return whether a page belongs into such a set: live, open to everybody, and no alias of another page."""
    return page.live and page.alias_of_id is None and sites.is_public(page.path)


def of_pages(pages):
    """Return {language: address} of the translations of one page that readers can reach, in the site's order.

    Args:
        pages: the page in all languages, with ``PAGE_FIELDS`` of ``delivery.references``.
    """
    by_locale = {page.locale_id: page for page in pages if stands_alone(page)}
    found = {}
    for edition in sites.live_editions().values():
        page = by_locale.get(edition.locale_id)
        address = sites.page_url(page.url_path, page.locale_id) if page else None
        if address:
            found[edition.language] = address
    return found


def hreflang(alternates):
    """Return [(language or x-default, address)] as search engines want it; nothing for one language alone.

    Args:
        alternates: {language: address} in the site's order. The default language's address is for readers of all
            others; where it has none, the first.
    """
    if len(alternates) < 2:
        return []
    default = alternates.get(settings.LANGUAGE_CODE) or next(iter(alternates.values()))
    return [*alternates.items(), (DEFAULT, default)]
