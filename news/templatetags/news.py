"""Template tags that show news on pages that are not about news."""

from django import template
from django.db import Error
from django.utils.translation import get_language

from core import parts, pictures
from core.models import Image
from delivery import references
from news import addresses
from news.models import listing

register = template.Library()


@register.simple_tag
def latest_news(count=3):
    """Return the newest articles of the active language as {"rows", "url"}, the address being that of all news.

    Error pages show them too, so whatever is wrong with the database is no reason to fail: there is no news then.
    """
    try:
        index_id = addresses.index_ids().get(get_language())
        rows = listing.newest(index_id, count) if index_id else []
        url = addresses.index_url(get_language())
        found = references.current()
        found.want(Image, [row.lead_image_id for row in rows])
    except Error:
        return {"rows": [], "url": None}
    return {"rows": rows, "url": url}


@register.simple_tag
def story(shape, row, eager=False):
    """Return an article of a list, rendered once for all the lists that show it.

    Args:
        shape: card or row, as in ``includes/_card.html`` and ``includes/_row.html``.
        row: its ``ArticleListing``.
        eager: True for a card at the top of a page.
    """
    shown = [eager, row.url, row.title, row.summary, row.language, row.kind, row.published_on]
    if shape == "card":
        shown += [row.image_alt, pictures.state(row.image)]
    return parts.rendered(f"includes/_{shape}.html", tuple(shown), row=row, eager=eager)


@register.simple_tag
def choice_links(items):
    """Return the ways to narrow a list (``news.browsing``), rendered once for all pages that offer the same."""
    return parts.rendered("includes/_choices.html", repr(items), items=items)
