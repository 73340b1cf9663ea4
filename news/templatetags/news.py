"""Template tags that show news on pages that are not about news."""

from django import template
from django.db import Error
from django.utils.translation import get_language

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
