"""The contact page, and what readers write."""

import secrets

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import extract_references_from_rich_text
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from contact.forms import EnquiryForm
from core.models import BasePage

# Without letters and digits that are mistaken for each other on the telephone.
REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_reference():
    """Return a reference that a reader can give on the telephone, such as K7M2-9QPA."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _index in range(8))
    return f"{letters[:4]}-{letters[4:]}"


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
    thank_you_text = models.TextField(_("thank-you text"), max_length=600, blank=True)

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
            MultiFieldPanel([FieldPanel("consent_text"), FieldPanel("thank_you_text")], heading=_("Form")),
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
        TranslatableField("consent_text"),
        TranslatableField("thank_you_text"),
    ]

    api_fields = [*BasePage.api_fields, "introduction", "phone", "email", "address", "opening_hours"]

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")

    @cached_property
    def form(self):
        return EnquiryForm()

    def announce_references(self, found):
        super().announce_references(found)
        found.want(Page, [pk for _model, pk, *_path in extract_references_from_rich_text(self.introduction)])

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"form": kwargs.get("form") or self.form}


class Enquiry(models.Model):
    """A message from a reader, stored before anything else happens with it."""

    class Kind(models.TextChoices):
        MESSAGE = "message", _("Message")
        NEWSLETTER = "newsletter", _("Newsletter request")

    class State(models.TextChoices):
        NEW = "new", _("New")
        ANSWERED = "answered", _("Answered")
        SPAM = "spam", _("Spam")

    reference = models.CharField(_("reference"), max_length=9, unique=True, default=new_reference, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.MESSAGE)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW, db_index=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    message = models.TextField(_("message"), blank=True)
    language = models.CharField(_("language"), max_length=12)
    page = models.ForeignKey(
        Page, verbose_name=_("sent from"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    received_on = models.DateTimeField(_("received"), auto_now_add=True, db_index=True)

    seen_by_readers = False

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-received_on", "-pk"]

    def __str__(self):
        return f"{self.reference} {self.email}"
