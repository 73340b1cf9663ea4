"""The news index: lists by date, topic, author, kind, year and month."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import extract_references_from_rich_text
from wagtail.search import index
from wagtail_localize.fields import TranslatableField

from core.models import BasePage, Image
from core.paging import seek
from delivery import references
from news import addresses, archive, browsing, feeds, taxonomy
from news.models.listing import ArticleListing, ListingTerm, newest

ROWS_PER_PAGE = 20


class NewsIndexPage(RoutablePageMixin, BasePage):
    """The list of all articles in one language, and the lists within it."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.ArticlePage"]
    max_count_per_parent = 1

    edit_handler = BasePage.tabs([*BasePage.content_panels, FieldPanel("introduction")])

    search_fields = [*BasePage.search_fields, index.SearchField("summary"), index.SearchField("introduction")]

    translatable_fields = [*BasePage.base_translatable_fields, TranslatableField("introduction")]

    class Meta:
        verbose_name = _("news index")
        verbose_name_plural = _("news indexes")

    @path("")
    def all_articles(self, request):
        return self.render_list(request, self.listings())

    @re_path(r"^(?P<year>\d{4})/$")
    def in_year(self, request, year):
        return self._archive(request, int(year), None)

    @re_path(r"^(?P<year>\d{4})/(?P<month>\d{1,2})/$")
    def in_month(self, request, year, month):
        return self._archive(request, int(year), int(month))

    @re_path(r"^(?P<word>[^/\d][^/]*)/(?P<slug>[^/]+)/$")
    def by_term(self, request, word, slug):
        term = self.term_at(word, slug)
        if word != addresses.word_for(term.family, self.language):
            return redirect(term.url, permanent=True)
        elsewhere = browsing.term_elsewhere(term)
        return self.render_list(
            request, self.listings_under(term), term=term, heading=term.plural, counterparts=elsewhere
        )

    @re_path(r"^(?P<kind>feed|atom)/$")
    def whole_feed(self, request, kind):
        rows = newest(self.shown_id, feeds.ITEMS, with_aliases=False)
        return feeds.feed(request, kind, self.title, self.summary, rows, self.language)

    @re_path(r"^(?P<word>[^/\d][^/]*)/(?P<slug>[^/]+)/(?P<kind>feed|atom)/$")
    def term_feed(self, request, word, slug, kind):
        term = self.term_at(word, slug)
        rows = newest(self.shown_id, feeds.ITEMS, term.key, with_aliases=False)
        return feeds.feed(request, kind, term.plural, term.description, rows, self.language)

    @property
    def shown_id(self):
        """The id of the index whose rows are shown: an alias shows its source's, words and links and all."""
        return self.alias_of_id or self.pk

    def term_at(self, word, slug):
        """Return the term that two words of an address mean in any language's words, or raise Http404."""
        family = addresses.family_of(word)
        term = taxonomy.by_slug(family, slug, self.language) if family else None
        if term is None:
            raise Http404("No such list")
        return term

    def listings(self):
        return ArticleListing.objects.filter(index_id=self.shown_id)

    def listings_under(self, term):
        return ListingTerm.objects.filter(index_id=self.shown_id, key=term.key).select_related("page")

    def _archive(self, request, year, month):
        span = archive.span(year, month)
        if span is None:
            raise Http404("No such year or month")
        rows = self.listings().filter(published_on__gte=span.start, published_on__lt=span.end)
        elsewhere = browsing.archive_elsewhere(span, year, month)
        return self.render_list(request, rows, heading=span.name, year=year, month=month, counterparts=elsewhere)

    def render_list(self, request, queryset, heading=None, term=None, year=None, month=None, counterparts=None):
        """Render a page of a list.

        Args:
            queryset: ``ArticleListing`` or ``ListingTerm`` rows.
            heading: the list's name, or None for the whole index.
            term, year, month: what the list is limited to.
            counterparts: {language: address} of the same list, or None for those of the whole index.
        """
        listed = seek(queryset, request.GET, ROWS_PER_PAGE)
        rows = [getattr(row, "page", row) if term else row for row in listed.rows]
        if heading and not rows and not term:
            raise Http404("Nothing was published then")
        found = references.current()
        found.want(Image, [row.lead_image_id for row in rows])
        found.want(Image, [term.image_id if term else None])
        context = {
            "heading": heading or self.title,
            "term": term,
            "rows": rows,
            "newer_url": listed.newer,
            "older_url": listed.older,
            "is_filtered": heading is not None,
            **browsing.choices(self, term, year, month),
        }
        return self.render(request, context_overrides=context, counterparts=counterparts, cursor=listed.own)

    def announce_references(self, found):
        super().announce_references(found)
        found.want(Page, [pk for model, pk, *_path in extract_references_from_rich_text(self.introduction)])
