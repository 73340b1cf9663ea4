"""The furniture of the site in one language: everything a reader sees around the pages."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, Page, PreviewableMixin, RevisionMixin, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core.blocks.links import NavigationBlock, SocialLinksBlock
from core.models.files import Image
from delivery import due, references
from delivery.generation import per_generation


class Furniture(PreviewableMixin, TranslatableMixin, DraftStateMixin, RevisionMixin, models.Model):
    """Header, footer, contact and newsletter words, and the site-wide notice; one for each language."""

    organisation_name = models.CharField(_("organisation's name"), max_length=120)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    logo = models.ForeignKey(
        Image, verbose_name=_("logo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    header_links = StreamField(NavigationBlock(), verbose_name=_("links in the header"), blank=True)
    footer_links = StreamField(NavigationBlock(), verbose_name=_("links in the footer"), blank=True)
    social_links = StreamField(SocialLinksBlock(), verbose_name=_("social media"), blank=True)
    footer_text = models.TextField(_("text in the footer"), blank=True)
    contact_title = models.CharField(_("contact heading"), max_length=120, blank=True)
    contact_text = models.TextField(_("contact text"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    opening_hours = models.CharField(_("telephone hours"), max_length=120, blank=True)
    newsletter_title = models.CharField(_("newsletter heading"), max_length=120, blank=True)
    newsletter_text = models.TextField(_("newsletter text"), blank=True)
    newsletter_note = models.CharField(_("note under the newsletter form"), max_length=250, blank=True)
    notice_is_on = models.BooleanField(_("show the notice on every page"), default=False)
    notice_title = models.CharField(_("notice heading"), max_length=120, blank=True)
    notice_text = models.TextField(_("notice text"), blank=True)

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("organisation_name"),
                    FieldPanel("tagline"),
                    FieldPanel("logo"),
                    FieldPanel("header_links"),
                ],
                heading=_("Header"),
            ),
            ObjectList(
                [FieldPanel("footer_links"), FieldPanel("social_links"), FieldPanel("footer_text")],
                heading=_("Footer"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [FieldPanel(name) for name in ("contact_title", "contact_text", "phone", "opening_hours")],
                        heading=_("Get in touch"),
                    ),
                    MultiFieldPanel(
                        [FieldPanel(name) for name in ("newsletter_title", "newsletter_text", "newsletter_note")],
                        heading=_("Newsletter"),
                    ),
                ],
                heading=_("Forms"),
            ),
            ObjectList(
                [FieldPanel(name) for name in ("notice_is_on", "notice_title", "notice_text")], heading=_("Notice")
            ),
        ]
    )

    translatable_fields = [
        *(
            TranslatableField(name)
            for name in (
                "organisation_name",
                "tagline",
                "header_links",
                "footer_links",
                "social_links",
                "footer_text",
                "contact_title",
                "contact_text",
                "opening_hours",
                "newsletter_title",
                "newsletter_text",
                "newsletter_note",
                "notice_title",
                "notice_text",
            )
        ),
        SynchronizedField("logo"),
        SynchronizedField("phone"),
        SynchronizedField("notice_is_on"),
    ]
    facts_with_words = [(["notice_is_on"], ["notice_title", "notice_text"])]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("site furniture")
        verbose_name_plural = _("site furniture")
        constraints = [models.UniqueConstraint(fields=["locale"], name="one_furniture_per_language")]

    def __str__(self):
        return self.organisation_name

    def clean(self):
        super().clean()
        if Furniture.objects.filter(locale=self.locale_id).exclude(pk=self.pk).exists():
            raise ValidationError(_("This language has its furniture already: edit that one."))
        if self.notice_is_on and not self.notice_title:
            raise ValidationError({"notice_title": _("Give the notice a heading before you switch it on.")})

    def copy_for_translation(self, locale, exclude_fields=None):
        """Return an unsaved copy for another language, unless that has its furniture already."""
        if Furniture.objects.filter(locale=locale).exists():
            raise ValidationError(_("This language has its furniture already: edit that one."))
        return super().copy_for_translation(locale, exclude_fields)

    def get_preview_template(self, request, mode_name):
        return "core/furniture_preview.html"

    def get_preview_context(self, request, mode_name):
        language = self.locale.language_code
        return {"furniture": Arranged.of(self, language), "language": language}


@dataclass(eq=False)
class Arranged:
    """Furniture with its links resolved to addresses, ready for the templates; nobody changes it afterwards."""

    words: Furniture
    header_links: list = field(default_factory=list)
    footer_links: list = field(default_factory=list)
    social_links: list = field(default_factory=list)

    @classmethod
    def of(cls, furniture, language):
        """Arrange furniture for readers of a language, which may not be that of its words."""
        streams = (furniture.header_links, furniture.footer_links)
        own = furniture.locale.language_code
        with references.scope() as found:
            found.want(Page, [block["value"].get("page") for stream in streams for block in stream.raw_data])
            header, footer = (
                [link for block in stream if (link := block.value.resolve(found, language, own))] for stream in streams
            )
        social = [{"label": block.value["label"], "url": block.value["url"]} for block in furniture.social_links]
        return cls(furniture, header, footer, social)

    @property
    def logo(self):
        """The logo, or None where there is none that may be shown."""
        logo = self.words.logo
        return logo if logo and logo.rights_last else None

    @property
    def words_language(self):
        """The language code of its words, empty where nobody wrote any."""
        return self.words.locale.language_code if self.words.locale_id else ""


@per_generation
def furniture_for(language):
    """Return the arranged furniture of a language, else of the default language, else an empty one."""
    wanted = [language, settings.LANGUAGE_CODE]
    candidates = due.not_over(Furniture.objects.filter(live=True, locale__language_code__in=wanted))
    by_language = {item.locale.language_code: item for item in candidates.select_related("locale", "logo")}
    item = by_language.get(language) or by_language.get(settings.LANGUAGE_CODE)
    if item is None:
        return Arranged(Furniture(organisation_name=settings.WAGTAIL_SITE_NAME))
    return Arranged.of(item, language)
