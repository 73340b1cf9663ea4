"""Years and months of publication, in the site's time zone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Page

from news import addresses
from news.models.listing import ArticleListing

# Every time zone has these years whole.
FIRST_YEAR, LAST_YEAR = 2, 9997


@dataclass(frozen=True)
class Span:
    """A stretch of time from start (included) to end (excluded)."""

    start: datetime
    end: datetime
    name: str


def span(year, month=None):
    """Return the Span of a year or month, or None where the calendar has no such thing."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        start = _first_day(year, month or 1)
        end = _first_day(year + 1, 1) if month is None or month == 12 else _first_day(year, month + 1)
    except ValueError:
        return None
    name = str(year) if month is None else date_format(start, "YEAR_MONTH_FORMAT")
    return Span(start, end, name)


def _first_day(year, month):
    return datetime(year, month, 1, tzinfo=timezone.get_default_timezone())


def filled(index_ids, span):
    """Return the set of those indexes in which something was published in a Span, in one query."""
    rows = ArticleListing.objects.filter(
        index_id=OuterRef("pk"), published_on__gte=span.start, published_on__lt=span.end
    )
    return set(Page.objects.filter(Exists(rows), pk__in=index_ids).order_by().values_list("pk", flat=True))


def years(index_id):
    """Return the years from the newest article's to the oldest's."""
    oldest, newest = addresses.edges(index_id)
    if oldest is None:
        return []
    zone = timezone.get_default_timezone()
    return list(range(newest.astimezone(zone).year, oldest.astimezone(zone).year - 1, -1))


def months(index_id, year):
    """Return the months (1 to 12) of a year in which something was published, in one query."""
    spans = {f"m{month}": span(year, month) for month in range(1, 13)}
    rows = ArticleListing.objects.filter(index_id=index_id)
    checks = {
        name: Exists(rows.filter(published_on__gte=one.start, published_on__lt=one.end)) for name, one in spans.items()
    }
    found = rows.order_by("-published_on", "-page_id").values(**checks)[:1]
    return [int(name[1:]) for row in found for name in spans if row[name]]
