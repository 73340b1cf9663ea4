"""The contact page and the form on it."""

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import extract_references_from_rich_text
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from contact.blocks import DepartmentsBlock, FormBlock
from contact.forms import EnquiryForm, departments_of
from core.models import BasePage
from delivery import due, sites


class ContactPage(BasePage):
    """How to reach the team, with a form."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link", "ul"])
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    address = models.TextField(_("postal address"), max_length=500, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    consent_text = models.TextField(
        _("privacy note"),
        max_length=600,
        blank=True,
        help_text=_("Shown with the form: what happens to what readers write."),
    )
    consent_is_asked = models.BooleanField(
        _("ask for consent"), default=False, help_text=_("Senders must tick a box that they agree to the privacy note.")
    )
    departments = StreamField(
        DepartmentsBlock(),
        verbose_name=_("departments"),
        blank=True,
        help_text=_("Readers choose among them; what comes from other pages goes to the first."),
    )
    form_fields = StreamField(FormBlock(), verbose_name=_("further fields"), blank=True)
    thank_you_text = models.TextField(_("thank-you text"), max_length=600, blank=True)
    acknowledgement_text = models.TextField(
        _("text of the acknowledgement"),
        max_length=2000,
        blank=True,
        help_text=_("Stands in the mail that tells the sender the reference."),
    )

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    schema_type = "ContactPage"

    edit_handler = BasePage.tabs(
        [
            *BasePage.content_panels,
            FieldPanel("introduction"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                    FieldPanel("opening_hours"),
                    FieldPanel("address"),
                ],
                heading=_("Ways to reach the team"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel(name)
                    for name in (
                        *("departments", "form_fields", "consent_text", "consent_is_asked"),
                        *("thank_you_text", "acknowledgement_text"),
                    )
                ],
                heading=_("Form"),
            ),
        ]
    )

    search_fields = [*BasePage.search_fields, index.SearchField("introduction")]

    translatable_fields = [
        *BasePage.base_translatable_fields,
        TranslatableField("introduction"),
        SynchronizedField("phone"),
        SynchronizedField("email"),
        SynchronizedField("address"),
        TranslatableField("opening_hours"),
        TranslatableField("departments"),
        TranslatableField("form_fields"),
        TranslatableField("consent_text"),
        SynchronizedField("consent_is_asked"),
        TranslatableField("thank_you_text"),
        TranslatableField("acknowledgement_text"),
    ]

    api_fields = [*BasePage.api_fields, "introduction", "phone", "email", "address", "opening_hours"]

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")

    @classmethod
    def in_language(cls, language):
        """Return the live contact page of a language, or None; not everybody may see it, but everybody may write."""
        edition = sites.live_editions().get(language)
        pages = due.not_over(cls.objects.live()).filter(alias_of__isnull=True)
        return pages.filter(locale_id=edition.locale_id).first() if edition else None

    @classmethod
    def answering(cls, language):
        """Return the live contact page that names who is told of what comes in a language, or None.

        That is its own, else that of the default language, else any: it is better told to another team than to nobody.
        """
        languages = dict.fromkeys([language, settings.LANGUAGE_CODE, *sites.live_editions()])
        pages = filter(None, map(cls.in_language, languages))
        return next((page for page in pages if page.email or departments_of(page)), None)

    def is_open_to(self, request):
        """Return whether this reader may see the page: nothing closes it, or what does was opened."""
        return all(restriction.accept_request(request) for restriction in self.get_view_restrictions())

    @cached_property
    def form(self):
        return EnquiryForm(page=self)

    def announce_references(self, found):
        super().announce_references(found)
        found.want(Page, [pk for _model, pk, *_path in extract_references_from_rich_text(self.introduction)])

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"form": kwargs.get("form") or self.form}
