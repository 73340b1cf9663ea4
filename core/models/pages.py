"""The abstract page that every page type of Portal is."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page, PageViewRestriction
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core.blocks.announce import announced
from core.models.files import Image
from delivery import references, sites

# Words that addresses of the site itself begin with.
TOP_LEVEL_WORDS = {
    "_util",
    "admin",
    "api",
    "documents",
    "enquiries",
    "healthz",
    "media",
    "newsletter",
    "readyz",
    "robots.txt",
    "search",
    "sitemap.xml",
    "static",
}


class PageForm(WagtailAdminPageForm):
    """The edit form; it lets a page know when only a draft is saved, which may be unfinished."""

    def _post_clean(self):
        self.instance.is_only_draft = self.is_deferred_validation
        super()._post_clean()


class BasePage(Page):
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

    base_form_class = PageForm
    is_only_draft = False
    reserved_slugs = TOP_LEVEL_WORDS

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

    def clean(self):
        super().clean()
        languages = {code for code, _name in settings.LANGUAGES}
        if (
            self.slug
            and (self.slug in self.reserved_slugs | languages or self.slug.isdigit())
            and not self.is_only_draft
        ):
            message = _("This word is reserved for an address of the site itself. Choose another.")
            raise ValidationError({"slug": message})

    @cached_property
    def edition(self):
        """The edition of the site that this page belongs to, or None while its front page is not live."""
        return sites.editions_by_locale().get(self.locale_id)

    @cached_property
    def language(self):
        return self.edition.language if self.edition else self.locale.language_code

    def announce_references(self, found):
        """Say which objects the page will need, before it is rendered.

        Args:
            found: the ``References`` of this response; subclasses add theirs and call super.
        """
        found.want(Page, [self.pk])
        found.want(Image, [self.social_image_id])
        body = getattr(self, "body", None)
        if body is not None:
            for model, pk in announced(body):
                found.want(model, [pk])

    def get_context(self, request, *args, **kwargs):
        self.announce_references(references.current())
        context = super().get_context(request, *args, **kwargs)
        return context | {"social_image": references.current().get(Image, self.social_image_id)}

    def serve_preview(self, request, mode_name):
        """Render a preview at once, in the page's language and with its references loaded together."""
        with translation.override(self.language), references.scope():
            response = super().serve_preview(request, mode_name)
            return response.render() if hasattr(response, "render") else response

    def get_view_restrictions(self):
        """Return the restrictions that cover this page, without asking for them where there are none."""
        if sites.is_public(self.path):
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()
