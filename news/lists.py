"""A list of articles: all of an index, those under a term, or those of a year or month; on a page or in a feed."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from news import addresses, archive, browsing
from news.models.listing import ArticleListing, ListingTerm
from news.taxonomy import TermView


@dataclass
class NewsList:
    """What one address of a news index lists.

    ``page_id``, ``language`` and ``title`` are those of the index whose rows are shown: an alias of an index shows its
    source's, words and links and all. At most one of ``term`` and ``span`` is given.
    """

    page_id: int
    language: str
    title: str
    summary: str
    term: TermView | None = None
    span: archive.Span | None = None

    @property
    def is_whole(self):
        return self.term is None and self.span is None

    @property
    def name(self):
        """The words that tell this list from the others, or the title of the index."""
        if self.term:
            return self.term.plural
        return self.span.name if self.span else self.title

    @property
    def heading(self):
        return _("News from %(time)s") % {"time": self.span.name} if self.span else self.name

    @cached_property
    def url(self):
        """The address of the list in its language, or an empty string while that has no live index."""
        base = addresses.index_url(self.language) or ""
        if self.term:
            return self.term.url
        return f"{base}{self.span.address}" if self.span and base else base

    @property
    def description(self):
        """A sentence about the list, for search engines and feeds."""
        if self.is_whole:
            return self.summary
        own = self.term.description if self.term else ""
        return own or ngettext(
            "%(list)s: one article from %(index)s.", "%(list)s: %(count)s articles from %(index)s.", self.count
        ) % {"list": self.heading, "count": self.count, "index": self.title}

    @cached_property
    def count(self):
        """How many articles the list has."""
        years, terms, total = archive.counts(self.page_id)
        if self.term:
            return terms.get(self.term.key, 0)
        if self.span is None:
            return total
        if self.span.year not in years:
            return self.rows().count()
        return self.months.get(self.span.month, 0) if self.span.month else years[self.span.year]

    @cached_property
    def months(self):
        """The months of the list's year as {month: number of articles}; empty where it has no year."""
        years, _terms, _total = archive.counts(self.page_id)
        is_known = self.span is not None and self.span.year in years
        return archive.months(self.page_id, self.span.year) if is_known else {}

    def rows(self):
        """Return the rows as an unordered queryset; those under a term hold their article's row as ``page``."""
        if self.term:
            return ListingTerm.shown.filter(index_id=self.page_id, key=self.term.key).select_related("page")
        rows = ArticleListing.shown.filter(index_id=self.page_id)
        return rows.filter(published_on__gte=self.span.start, published_on__lt=self.span.end) if self.span else rows

    def newest(self, count):
        """Return the newest rows that are written in the list's own language."""
        own = {"page__is_alias": False} if self.term else {"is_alias": False}
        rows = self.rows().filter(**own).order_by("-published_on", "-page_id")[:count]
        return [row.page for row in rows] if self.term else list(rows)

    def elsewhere(self):
        """Return {language: address} of the same list in every language that has it, or None for the whole index."""
        if self.term:
            return browsing.term_elsewhere(self.term)
        return browsing.archive_elsewhere(self.span) if self.span else None
