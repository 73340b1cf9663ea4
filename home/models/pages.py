"""The front page and plain pages."""

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.blocks import PageChooserBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core import portable, structured
from core.blocks import BodyBlock
from core.models import BasePage, Image
from delivery import references
from news import addresses, taxonomy
from news.models import listing

LATEST = 6


class HomePage(BasePage):
    """The front page of a language: lead story, pinned stories, latest news, topics and a free body."""

    lead_story = models.ForeignKey(
        Page,
        verbose_name=_("lead story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The newest article leads if none is chosen."),
    )
    pinned = StreamField(
        [("article", PageChooserBlock("news.ArticlePage", label=_("Article")))],
        verbose_name=_("pinned stories"),
        blank=True,
        max_num=3,
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["news.NewsIndexPage", "home.StandardPage", "home.AccessibilityPage", "contact.ContactPage"]

    edit_handler = BasePage.tabs(
        [
            *BasePage.content_panels,
            MultiFieldPanel(
                [PageChooserPanel("lead_story", "news.ArticlePage"), FieldPanel("pinned")], heading=_("Stories")
            ),
            FieldPanel("body"),
        ]
    )

    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    translatable_fields = [
        *BasePage.base_translatable_fields,
        SynchronizedField("lead_story"),
        TranslatableField("pinned"),
        TranslatableField("body"),
    ]

    api_fields = [*BasePage.api_fields, "body"]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    @classmethod
    def can_create_at(cls, parent):
        """Never by hand: the first is made with the site, further languages get theirs by translation."""
        return False

    @cached_property
    def pinned_ids(self):
        return [item["value"] for item in self.pinned.raw_data]

    @cached_property
    def rows(self):
        """The rows of the chosen and the newest articles, newest first."""
        index_id = addresses.index_ids().get(self.language)
        chosen = [pk for pk in (self.lead_story_id, *self.pinned_ids) if pk]
        if index_id is None:
            return []
        return listing.front(index_id, self.words_locale_id, chosen, LATEST + 1 + len(chosen))

    def stories(self, found):
        """Return the lead row (or None), the pinned rows and the latest others.

        Args:
            found: the ``References`` in which the chosen pages are looked up.
        """
        by_key = {row.translation_key: row for row in self.rows}
        pages = found.objects(Page, [self.lead_story_id, *self.pinned_ids])

        def row_of(pk):
            return by_key.get(pages[pk].translation_key) if pk in pages else None

        lead = row_of(self.lead_story_id)
        pinned = [row for pk in self.pinned_ids if (row := row_of(pk)) and row is not lead]
        others = [row for row in self.rows if row is not lead and row not in pinned]
        if lead is None and others:
            lead = others.pop(0)
        return lead, pinned, others[:LATEST]

    def announce_references(self, found):
        super().announce_references(found)
        found.want(Page, [self.lead_story_id, *self.pinned_ids])
        found.want(Image, [row.lead_image_id for row in self.rows])

    def structured(self, furniture, address):
        return [structured.website(furniture, self.edition, reverse("search"))] if self.edition else []

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        lead, pinned, latest = self.stories(references.current())
        news_index = addresses.indexes().get(self.language)
        topics = taxonomy.terms("topics", self.language).values() if news_index else ()
        return context | {
            "lead": lead,
            "pinned": pinned,
            "latest": latest,
            "topics": list(topics),
            "news_index": news_index,
        }


class StandardPage(BasePage):
    """A plain page: about, privacy, terms of use."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]

    twins = {"md": portable.markdown}

    edit_handler = BasePage.tabs([*BasePage.content_panels, FieldPanel("body")])

    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    translatable_fields = [*BasePage.base_translatable_fields, TranslatableField("body")]

    api_fields = [*BasePage.api_fields, "body"]

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")
