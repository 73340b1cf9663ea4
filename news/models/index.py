"""The news index: lists by date, topic, author, kind, year and month."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, re_path
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import extract_references_from_rich_text
from wagtail.search import index
from wagtail_localize.fields import TranslatableField

from core import structured
from core.models import BasePage, Image
from core.paging import seek
from delivery import references
from news import addresses, archive, browsing, feeds, taxonomy
from news.addresses import index_url
from news.lists import NewsList

ROWS_PER_PAGE = 20
FEED = r"(?:(?P<form>feed|atom|json)/)?"


class NewsIndexPage(RoutablePageMixin, BasePage):
    """The list of all articles in one language, and the lists within it."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.ArticlePage"]
    max_count_per_parent = 1

    schema_type = "CollectionPage"
    read_parameters = ("before", "after")
    shown = None

    edit_handler = BasePage.tabs([*BasePage.content_panels, FieldPanel("introduction")])

    search_fields = [*BasePage.search_fields, index.SearchField("introduction")]

    translatable_fields = [*BasePage.base_translatable_fields, TranslatableField("introduction")]

    class Meta:
        verbose_name = _("news index")
        verbose_name_plural = _("news indexes")

    @re_path(rf"^{FEED}$")
    def all_articles(self, request, form=None):
        return self.answer(request, self.listed(), form)

    @re_path(rf"^(?P<year>\d{{4}})/(?:(?P<month>\d{{1,2}})/)?{FEED}$")
    def in_time(self, request, year, month=None, form=None):
        span = archive.span(int(year), int(month) if month else None)
        listed = self.listed(span=span)
        if span is None or not listed.count:
            raise Http404("Nothing was published then")
        return self.answer(request, listed, form)

    @re_path(rf"^(?P<word>[^/\d][^/]*)/(?P<slug>[^/]+)/{FEED}$")
    def by_term(self, request, word, slug, form=None):
        family = addresses.family_of(word)
        term = taxonomy.by_slug(family, slug, self.language) if family else None
        if term is None:
            raise Http404("No such list")
        if word != addresses.word_for(family, self.language):
            return redirect(f"{term.url}{form}/" if form else term.url, permanent=True)
        return self.answer(request, self.listed(term=term), form)

    def listed(self, **limits):
        """Return the ``NewsList`` of this index, or one within it."""
        page_id = self.alias_of_id or self.pk
        return NewsList(page_id, self.language, self.title, self.summary, **limits)

    def answer(self, request, listed, form):
        """Answer with a page of a list, or with its feed.

        Args:
            listed: the ``NewsList``.
            form: feed, atom, json, or None for the page.
        """
        if form:
            return feeds.answer(request, listed, form)
        self.shown = listed
        shown = seek(listed.rows(), request.GET, ROWS_PER_PAGE)
        rows = [getattr(row, "page", row) if listed.term else row for row in shown.rows]
        found = references.current()
        found.want(Image, [listed.term.image_id if listed.term else None])
        context = {
            "listed": listed,
            "rows": rows,
            "newer_url": shown.newer,
            "older_url": shown.older,
            **browsing.choices(listed),
        }
        return self.render(request, context_overrides=context, counterparts=listed.elsewhere(), cursor=shown.own)

    def structured(self, furniture, address):
        listed = self.shown or self.listed()
        above = [] if listed.is_whole else [{"title": self.title, "url": index_url(self.language)}]
        own = structured.web_page(self.schema_type, self, address)
        own |= {"name": listed.heading, "description": listed.description}
        return [own, structured.breadcrumbs([*self.trail, *above], listed.heading)]

    def announce_references(self, found):
        super().announce_references(found)
        found.want(Page, [pk for model, pk, *_path in extract_references_from_rich_text(self.introduction)])
