"""The article."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.blocks import PageChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import extract_references_from_rich_text
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core import portable, structured, twins
from core.blocks import BodyBlock
from core.blocks.announce import announced
from core.blocks.links import CallToActionBlock
from core.blocks.media import DocumentBlock
from core.models import BasePage, Image
from delivery.signals import is_draft_only
from news import addresses, citations, serializers, taxonomy
from news.forms import ArticleForm
from news.models import assignments, listing, reading
from news.models.findable import FindableArticle
from news.models.lead_image import LeadImage
from news.models.related import related
from news.models.terms import ArticleKind
from news.structured import news_article

CLOCKS_DIFFER_BY = timedelta(minutes=1)
MORE_NEWS = 3


class ArticlePage(FindableArticle, LeadImage, BasePage):
    """A statement, response, announcement or feature."""

    kind = models.ForeignKey(
        ArticleKind, verbose_name=_("kind"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_on = models.DateTimeField(
        _("published"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("The date readers see, by which lists are sorted. Left empty, it is when the article goes live."),
    )
    updated_on = models.DateTimeField(
        _("updated"),
        null=True,
        blank=True,
        help_text=_("Set it when the text changed in a way that readers should know."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    call_to_action = StreamField(
        [("call_to_action", CallToActionBlock())], verbose_name=_("call to action"), blank=True, max_num=1
    )
    downloads = StreamField([("download", DocumentBlock())], verbose_name=_("downloads"), blank=True, max_num=20)
    notes_to_editors = RichTextField(_("notes to editors"), blank=True, features=["bold", "italic", "link", "ol", "ul"])
    press_contact = models.TextField(_("press contact"), blank=True, max_length=500)
    related = StreamField(
        [("article", PageChooserBlock("news.ArticlePage", label=_("Article")))],
        verbose_name=_("more news"),
        blank=True,
        max_num=MORE_NEWS,
        help_text=_("Chosen by hand; otherwise articles on the same topics are shown."),
    )
    is_unlisted = models.BooleanField(
        _("unlisted"), default=False, help_text=_("Can be reached by its address, but stands in no list or feed.")
    )
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)

    base_form_class = ArticleForm
    reserved_slugs = addresses.RESERVED
    publication_dates = (*BasePage.publication_dates, "published_on", "updated_on")
    text_template = "news/_text.html"
    twins = {"md": portable.markdown, "bib": citations.bibtex, "ris": citations.ris}

    parent_page_types = ["news.NewsIndexPage"]
    subpage_types = []

    edit_handler = BasePage.tabs(
        [
            *BasePage.content_panels,
            FieldRowPanel([FieldPanel("kind"), FieldPanel("published_on"), FieldPanel("updated_on")]),
            LeadImage.lead_image_panel,
            FieldPanel("body"),
            FieldPanel("call_to_action"),
        ],
        extra=[
            ObjectList(
                [
                    InlinePanel("article_topics", label=_("Topic"), heading=_("Topics"), max_num=8),
                    InlinePanel("article_authors", label=_("Author"), heading=_("Authors"), max_num=12),
                    FieldPanel("related"),
                    FieldPanel("is_unlisted"),
                ],
                heading=_("Topics and authors"),
            ),
            ObjectList(
                [FieldPanel("downloads"), FieldPanel("notes_to_editors"), FieldPanel("press_contact")],
                heading=_("Press"),
            ),
        ],
    )

    search_fields = [
        *BasePage.search_fields,
        index.SearchField("term_names", boost=2),
        index.SearchField("body"),
        index.SearchField("notes_to_editors"),
        index.FilterField("published_on"),
        index.FilterField("kind"),
    ]

    translatable_fields = [
        *BasePage.base_translatable_fields,
        SynchronizedField("kind"),
        SynchronizedField("published_on"),
        SynchronizedField("updated_on"),
        *LeadImage.lead_image_translatable_fields,
        TranslatableField("body"),
        TranslatableField("call_to_action"),
        TranslatableField("downloads"),
        TranslatableField("notes_to_editors"),
        TranslatableField("press_contact"),
        TranslatableField("related"),
        SynchronizedField("is_unlisted"),
        TranslatableField("article_topics"),
        TranslatableField("article_authors"),
    ]

    api_fields = [
        *BasePage.api_fields,
        *(serializers.KIND, "published_on", "updated_on", "reading_minutes"),
        *(serializers.TOPICS, serializers.AUTHORS, serializers.LEAD_IMAGE),
        *("body", "call_to_action", "downloads", "notes_to_editors", "press_contact"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def clean(self):
        super().clean()
        if self.is_only_draft:
            return
        if self.updated_on and self.published_on and self.updated_on < self.published_on:
            raise ValidationError({"updated_on": _("An article cannot be updated before it was published.")})

    def clean_for_readers(self):
        """An article that goes live now with the date of its embargo breaks the embargo."""
        super().clean_for_readers()
        latest = max(timezone.now(), self.go_live_at or timezone.now()) + CLOCKS_DIFFER_BY
        if self.published_on and self.published_on > latest:
            message = _(
                "The article would go live before this date. To have it wait until then, choose “Set schedule” in the "
                "panel “Status”."
            )
            raise ValidationError({"published_on": message})

    def save(self, *args, **kwargs):
        """Save, and bring the listing up to date in the same transaction."""
        update_fields = kwargs.get("update_fields")
        if update_fields is None:
            self.set_published_on()
            self.reading_minutes = reading.minutes(self.body)
        with transaction.atomic():
            result = super().save(*args, **kwargs)
            if not is_draft_only(self, update_fields):
                listing.refresh([self])
        return result

    def set_published_on(self):
        """Give a live article its date where the editor left it empty; cursors count whole seconds."""
        if self.live and self.published_on is None:
            self.published_on = self.first_published_at or timezone.now()
        if self.published_on:
            self.published_on = self.published_on.replace(microsecond=0)
        if self.updated_on:
            self.updated_on = self.updated_on.replace(microsecond=0)

    def with_content_json(self, content):
        """Return the page with a revision's content; a date that publishing gave stays, and what terms became."""
        page = super().with_content_json(assignments.handed_over(self, content))
        page.published_on = page.published_on or self.published_on
        return page

    @cached_property
    def topic_views(self):
        return taxonomy.by_ids("topics", [item.topic_id for item in self.article_topics.all()], self.language)

    @cached_property
    def author_views(self):
        return taxonomy.by_ids("authors", [item.author_id for item in self.article_authors.all()], self.language)

    @cached_property
    def kind_view(self):
        return next(iter(taxonomy.by_ids("kinds", [self.kind_id], self.language)), None)

    @cached_property
    def trail_parent(self):
        return addresses.indexes().get(self.language)

    @cached_property
    def more_news(self):
        """Articles to go on to: those chosen by hand, else those that share most topics, else the newest."""
        chosen = [item["value"] for item in self.related.raw_data]
        if chosen:
            return listing.chosen(chosen, self.words_locale_id)[:MORE_NEWS]
        index_id = addresses.index_ids().get(self.language)
        own = [pk for pk in (self.pk, self.alias_of_id) if pk]
        keys = [topic.key for topic in self.topic_views]
        return related(index_id, keys, own, MORE_NEWS) if index_id else []

    def announce_references(self, found):
        super().announce_references(found)
        found.want(Image, [row.lead_image_id for row in self.more_news])

    def announce_text(self, found):
        super().announce_text(found)
        for model, pk in [*announced(self.call_to_action), *announced(self.downloads)]:
            found.want(model, [pk])
        for model, pk, *_path in extract_references_from_rich_text(self.notes_to_editors):
            found.want(model, [pk])

    def facts(self):
        published, updated = (pgettext("before a date", words) for words in ("Published", "Updated"))
        dates = [(published, self.published_on), (updated, self.updated_on)]
        names = [(pgettext("byline", "By"), self.author_views), (gettext("Topics"), self.topic_views)]
        return [
            *((label, date_format(timezone.localtime(moment))) for label, moment in dates if moment),
            *((label, ", ".join(term.name for term in terms)) for label, terms in names if terms),
        ]

    def structured(self, furniture, address):
        own = news_article(self, address, furniture.words.organisation_name)
        return [own, structured.breadcrumbs(self.trail, self.title)]

    def text_context(self):
        return super().text_context() | {
            "downloads": [block.value for block in self.downloads if block.value["document"]]
        }

    def get_context(self, request, *args, **kwargs):
        # Only the preview of a draft has no date yet.
        self.published_on = self.published_on or timezone.now()
        context = super().get_context(request, *args, **kwargs)
        return context | {
            **self.text_context(),
            "kind": self.kind_view,
            "topics": self.topic_views,
            "authors": self.author_views,
            "more_news": self.more_news,
            "news_index": self.trail_parent,
            "citation_urls": {form: url for form in ("bib", "ris") if (url := twins.address_of(self, form))},
        }
