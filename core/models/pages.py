"""The abstract page that every page type of Portal is."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page, PageViewRestriction
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core import structured, title_cards, twins
from core.blocks.announce import announced
from core.models.files import Image
from core.models.findable import Findable
from core.models.furniture import furniture_for
from core.page_forms import PageCopyForm, PageForm
from delivery import alternates, references, sites, translations

# Words that addresses of the site itself begin with.
TOP_LEVEL_WORDS = {
    "_util",
    "admin",
    "anymail",
    "api",
    "comments",
    "documents",
    "enquiries",
    "feed",
    "healthz",
    "media",
    "newsletter",
    "readyz",
    "robots.txt",
    "search",
    "sitemap.xml",
    "static",
}


class BasePage(Findable, Page):
    """A page with a summary, its search-engine and social overrides, and bulk-loaded references.

    A subclass lists its own translatable fields after ``BasePage.base_translatable_fields``.
    """

    summary = models.TextField(
        _("summary"),
        max_length=300,
        help_text=_("One or two sentences, for cards, feeds, search results and shared links."),
    )
    social_title = models.CharField(
        _("title when shared"), max_length=120, blank=True, help_text=_("Only if it should differ from the title.")
    )
    social_image = models.ForeignKey(
        Image, verbose_name=_("picture when shared"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The name of the picture that is drawn of the title (``core.title_cards``).
    title_card = models.CharField(max_length=32, blank=True, editable=False)

    base_form_class = PageForm
    copy_form_class = PageCopyForm
    is_only_draft = False
    reserved_slugs = TOP_LEVEL_WORDS
    text_template = "core/_text.html"
    # What it is in the words of schema.org, and the forms it has beside HTML: {ending: function of the page}.
    schema_type = "WebPage"
    twins = {}
    # The dates of one publication: a copy has its own.
    publication_dates = ("go_live_at", "expire_at")
    # The parameters of a query that it reads: of others, caches need to know nothing.
    read_parameters = ()
    # Forms have addresses of their own.
    allowed_http_methods = ("GET", "HEAD", "OPTIONS")

    base_translatable_fields = [
        TranslatableField("title"),
        SynchronizedField("slug", overridable=True),
        TranslatableField("summary"),
        TranslatableField("seo_title"),
        TranslatableField("search_description"),
        TranslatableField("social_title"),
        SynchronizedField("social_image"),
        SynchronizedField("show_in_menus"),
    ]

    # What the public API shows of a page (``portal.api``); a subclass adds its own.
    api_fields = ["summary"]

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    sharing_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("Search engines"),
        ),
        MultiFieldPanel([FieldPanel("social_title"), FieldPanel("social_image")], heading=_("Shared links")),
    ]
    promote_panels = sharing_panels

    class Meta:
        abstract = True

    @classmethod
    def tabs(cls, content, extra=()):
        """Return the edit form: the content tab, what a type adds, then sharing and publishing."""
        return TabbedInterface(
            [
                ObjectList(content, heading=_("Content")),
                *extra,
                ObjectList(cls.sharing_panels, heading=_("Search and sharing")),
                ObjectList(Page.settings_panels, heading=_("Settings"), classname="settings"),
            ]
        )

    @classmethod
    def check_slug(cls, slug):
        """Raise ValidationError if a slug is a word of the site's own addresses."""
        languages = {code for code, _name in settings.LANGUAGES}
        if slug and (slug in cls.reserved_slugs | languages or slug.isdigit()):
            raise ValidationError(_("This word is reserved for an address of the site itself. Choose another."))

    def clean(self):
        super().clean()
        if not self.is_only_draft:
            try:
                self.check_slug(self.slug)
            except ValidationError as error:
                raise ValidationError({"slug": error}) from error

    def clean_for_readers(self):
        """Raise ValidationError if people should not publish this page now; programs are not asked."""

    def save(self, *args, **kwargs):
        """Save; a page that goes live without Wagtail's own publishing gets its date all the same, for the sitemap."""
        if self.live and self.last_published_at is None and kwargs.get("update_fields") is None:
            self.last_published_at = timezone.now()
        return super().save(*args, **kwargs)

    def forget_dates(self):
        """Empty the dates of a draft that was copied, on the page and in its latest version."""
        nothing = dict.fromkeys(self.publication_dates)
        vars(self).update(nothing, expired=False)
        self.save(clean=False, update_fields=[*nothing, "expired"])
        self.latest_revision.content |= nothing
        self.latest_revision.save(update_fields=["content"])

    def with_content_json(self, content):
        """Return the page with a revision's content; its card is what it is now."""
        page = super().with_content_json(content)
        page.title_card = self.title_card
        return page

    @property
    def shared_title(self):
        """The title that shared links show."""
        return self.social_title or self.title

    @property
    def title_card_url(self):
        """The full address of the picture drawn of the title, or an empty string while there is none."""
        return title_cards.url_of(self)

    @property
    def words_locale_id(self):
        """The id of the locale whose words this page shows: that of its source where it is an alias."""
        if not self.alias_of_id:
            return self.locale_id
        # The route knows it already (``delivery.references.WORDS_LOCALE``).
        return vars(self).get("words_locale_id") or self.alias_of.locale_id

    @property
    def edition(self):
        """The edition of the site whose words this page shows, or None while its front page is not live."""
        return sites.editions_by_locale().get(self.words_locale_id)

    @property
    def language(self):
        """The code of the language of the words on this page."""
        known = sites.languages().get(self.words_locale_id)
        return known or (self.alias_of if self.alias_of_id else self).locale.language_code

    @property
    def address(self):
        """The address of this page without the host, or None where readers cannot reach it."""
        return sites.page_url(self.url_path, self.locale_id)

    @property
    def asked_edition(self):
        """The edition in whose place an alias shows words of another language, or None for every other page."""
        is_foreign = self.words_locale_id != self.locale_id
        return sites.editions_by_locale().get(self.locale_id) if is_foreign else None

    def announce_references(self, found):
        """Say which objects the page will need, before it is rendered.

        Args:
            found: the ``References`` of this response; subclasses add theirs and call super.
        """
        found.want(Page, [self.pk, self.alias_of_id])
        found.want(Image, [self.social_image_id])
        self.announce_text(found)

    def announce_text(self, found):
        """Say which objects the text itself needs, on the page as elsewhere (``core.portable``)."""
        body = getattr(self, "body", None)
        if body is not None:
            for model, pk in announced(body):
                found.want(model, [pk])

    @property
    def trail(self):
        """The pages above this one as {"title", "url"}, the front page first.

        A page type whose parent is not the front page gives it as ``trail_parent``.
        """
        if self.edition is None or self.pk == self.edition.home_id:
            return []
        home = {"title": gettext("Home"), "url": self.edition.prefix}
        return [home, *([parent] if (parent := getattr(self, "trail_parent", None)) else [])]

    def facts(self):
        """Return what else readers of the bare text should know, as (label, words)."""
        return []

    def structured(self, furniture, address):
        """Return what the page says of itself to machines (``core.structured``).

        Args:
            furniture: the arranged furniture.
            address: the page's full address.
        """
        return [structured.web_page(self.schema_type, self, address), structured.breadcrumbs(self.trail, self.title)]

    def text_context(self):
        """Return what the template of the text shows."""
        return {"page": self}

    def get_context(self, request, *args, counterparts=None, cursor="", **kwargs):
        """Return what the template shows.

        Args:
            request: the reader's request.
            counterparts: {language: address} of what is shown, this page's own language included, where that is
                something other than the page and its translations.
            cursor: the query string of a later page of a list, which has no counterpart in another language.
        """
        found = references.current()
        self.announce_references(found)
        # First of all: its links are then loaded together with what the page announced.
        furniture = furniture_for(self.language)
        if counterparts is None:
            counterparts = alternates.of_pages(found.translations(self.alias_of_id or self.pk).values())
        path = counterparts.get(self.language, request.path)
        has_counterparts = alternates.stands_alone(self) and not cursor
        canonical_url = f"{settings.PUBLIC_URL}{path}{cursor}"
        things = [structured.organisation(furniture), *self.structured(furniture, sites.absolute(canonical_url))]
        return super().get_context(request, *args, **kwargs) | {
            "furniture": furniture,
            "structured": structured.document(*things),
            "twin_url": twins.address_of(self, "md"),
            "alternates": counterparts,
            "hreflang": alternates.hreflang(counterparts) if has_counterparts else [],
            "canonical_url": canonical_url,
            "social_image": found.get(Image, self.social_image_id),
            "outdated": self.outdated_note(found.translations(self.pk)),
        }

    def outdated_note(self, siblings):
        """Return {"since", "language", "name", "url"} of a source that says something else by now, or None.

        Args:
            siblings: this page in all languages, by locale id.
        """
        # What exists in one language only needs no question.
        known = translations.outdated(self.translation_key, self.locale_id) if len(siblings) > 1 else None
        source = siblings.get(known.source_locale_id) if known else None
        language = sites.languages().get(known.source_locale_id) if known else None
        if source is None or language is None:
            return None
        is_open = alternates.stands_alone(source)
        name = translation.get_language_info(language)["name_translated"]
        url = sites.page_url(source.url_path, source.locale_id) if is_open else None
        return {"since": known.since, "language": language, "name": name, "url": url}

    def serve_preview(self, request, mode_name):
        """Render a preview at once as readers will see it: in the page's language and the site's time zone."""
        zone = timezone.get_default_timezone()
        with translation.override(self.language), timezone.override(zone), references.scope():
            response = super().serve_preview(request, mode_name)
            return response.render() if hasattr(response, "render") else response

    def get_view_restrictions(self):
        """Return the restrictions that cover this page, without asking for them where there are none."""
        if sites.is_public(self.path):
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()
