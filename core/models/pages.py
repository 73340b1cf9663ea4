"""The abstract page that every page type of Portal is."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core import title_cards
from core.models.files import Image
from core.models.findable import Findable
from core.models.rendered import Rendered
from core.page_forms import PageCopyForm, PageForm
from delivery import sites

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
    "search",
    "static",
}


class BasePage(Findable, Rendered, Page):
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
