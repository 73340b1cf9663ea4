"""Years and months of publication, in the site's time zone, and how much each list has."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Page

from delivery.generation import per_generation
from news import addresses
from news.models.listing import ArticleListing, ListingTerm

# Every time zone has these years whole.
FIRST_YEAR, LAST_YEAR = 2, 9997
# A year typed wrongly must not ask for two thousand; SQLite joins at most 500 questions in one.
LISTED_YEARS = 300
ALL = None


@dataclass(frozen=True)
class Span:
    """A year or month: from start (included) to end (excluded)."""

    year: int
    month: int | None
    start: datetime
    end: datetime

    @property
    def name(self):
        return str(self.year) if self.month is None else date_format(self.start, "YEAR_MONTH_FORMAT")

    @property
    def address(self):
        """The words of its address below the news index."""
        return f"{self.year}/" if self.month is None else f"{self.year}/{self.month}/"


def span(year, month=None):
    """Return the Span of a year or month, or None where the calendar has no such thing."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        start = _first_day(year, 1 if month is None else month)
        end = _first_day(year + 1, 1) if month is None or month == 12 else _first_day(year, month + 1)
    except ValueError:
        return None
    return Span(year, month, start, end)


def _first_day(year, month):
    return datetime(year, month, 1, tzinfo=timezone.get_default_timezone())


def filled(index_ids, span):
    """Return the set of those indexes in which something was published in a Span, in one query."""
    rows = ArticleListing.shown.filter(index_id=OuterRef("pk"), published_on__gte=span.start, published_on__lt=span.end)
    return set(Page.objects.filter(Exists(rows), pk__in=index_ids).order_by().values_list("pk", flat=True))


def months(index_id, year):
    """Return {month: number of articles} of a year, without empty months, in one query."""
    first, *others = (_counted(index_id, span(year, month), month) for month in range(1, 13))
    found = {int(month): count for month, count in first.union(*others, all=True) if count}
    return dict(sorted(found.items()))


@per_generation
def counts(index_id):
    """Return ({year: number of articles}, {key of a term: number of articles}, number of all), in one query.

    The newest year comes first; what has no articles is left out.
    """
    # Asked for once: an article of another year may be published meanwhile.
    years = _years(index_id)
    rows = ListingTerm.shown.filter(index_id=index_id).order_by().values("key")
    by_term = rows.annotate(label=Cast("key", TextField()), n=Count("pk")).values_list("label", "n")
    spans = [_counted(index_id, span(year), year) for year in years]
    found = dict(by_term.union(_counted(index_id, ALL, ""), *spans, all=True))
    total = found.pop("")
    by_year = {year: found.pop(str(year)) for year in years}
    return {year: n for year, n in by_year.items() if n}, {UUID(key): n for key, n in found.items()}, total


def _counted(index_id, one, label):
    """Return a query for the one row (label, number of articles) of a Span, or of ALL.

    By ranges of the listing's index: grouping by a function of the date would read the date of every row.
    """
    rows = ArticleListing.shown.filter(index_id=index_id)
    if one is not ALL:
        rows = rows.filter(published_on__gte=one.start, published_on__lt=one.end)
    named = rows.order_by().annotate(label=Value(str(label), output_field=TextField())).values("label")
    return named.annotate(n=Count("pk")).values_list("label", "n")


def _years(index_id):
    """Return the years from the newest article's to the oldest's, as far as they are listed."""
    oldest, newest = addresses.edges(index_id)
    if oldest is None:
        return []
    zone = timezone.get_default_timezone()
    # What is dated beyond them can be read all the same, and is counted with the rest.
    last = min(newest.astimezone(zone).year, timezone.localdate().year + 1)
    first = max(oldest.astimezone(zone).year, last - LISTED_YEARS + 1, FIRST_YEAR)
    return range(last, first - 1, -1)
