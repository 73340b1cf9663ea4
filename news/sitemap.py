"""The news site map: what was published in the last two days, for search engines that list news.

Source: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from datetime import UTC, timedelta

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.models.furniture import furniture_for
from core.portable import printable
from delivery import sites
from news import addresses
from news.models import ArticleListing

DAYS = 2
MOST = 1_000


@require_safe
def recent(request):
    """List the newest articles of all languages that everybody may read, in one query."""
    languages = {index["id"]: language for language, index in addresses.open_indexes().items()}
    now = timezone.now()
    rows = ArticleListing.shown.filter(
        index_id__in=languages, is_alias=False, published_on__gt=now - timedelta(days=DAYS), published_on__lte=now
    )
    entries = [
        {
            "address": sites.absolute(row.url),
            "name": printable(furniture_for(languages[row.index_id]).words.organisation_name),
            "language": languages[row.index_id],
            "moment": row.published_on.astimezone(UTC).isoformat(),
            "title": printable(row.title),
        }
        for row in rows.order_by("-published_on", "-page_id")[:MOST]
    ]
    # Kept by nobody: with every minute something may come in or fall out.
    headers = {"Cache-Control": "no-cache"}
    made = render_to_string("news/sitemap.xml", {"entries": entries})
    return HttpResponse(made, content_type="application/xml", headers=headers)
