"""The lead picture of a page, with its words."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core.models import Image
from delivery import references


class LeadImage(models.Model):
    """A page with a picture under its title; stands before ``BasePage`` among the bases.

    A subclass lists the panel, the translatable fields and ``news.serializers.LEAD_IMAGE`` among its own.
    """

    lead_image = models.ForeignKey(
        Image, verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lead_image_alt = models.CharField(
        _("alternative text"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, for readers who cannot see it."),
    )
    lead_image_is_decorative = models.BooleanField(_("the picture only decorates"), default=False)
    lead_image_caption = models.CharField(_("caption"), max_length=300, blank=True)
    lead_image_credit = models.CharField(_("credit"), max_length=150, blank=True)

    lead_image_panel = MultiFieldPanel(
        [
            FieldPanel("lead_image"),
            FieldPanel("lead_image_alt"),
            FieldPanel("lead_image_is_decorative"),
            FieldPanel("lead_image_caption"),
            FieldPanel("lead_image_credit"),
        ],
        heading=_("Picture"),
    )

    lead_image_translatable_fields = [
        SynchronizedField("lead_image"),
        TranslatableField("lead_image_alt"),
        SynchronizedField("lead_image_is_decorative"),
        TranslatableField("lead_image_caption"),
        TranslatableField("lead_image_credit"),
    ]
    facts_with_words = [
        (["lead_image", "lead_image_is_decorative"], ["lead_image_alt", "lead_image_caption", "lead_image_credit"])
    ]

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.is_only_draft:
            return
        if self.lead_image_id and not self.lead_image_alt and not self.lead_image_is_decorative:
            message = _("Describe the picture, or say that it only decorates.")
            raise ValidationError({"lead_image_alt": message})

    @property
    def shown_image_alt(self):
        """What the picture shows, in words; nothing where it only decorates, whatever was written before."""
        return "" if self.lead_image_is_decorative else self.lead_image_alt

    def announce_text(self, found):
        super().announce_text(found)
        found.want(Image, [self.lead_image_id])

    def text_context(self):
        return super().text_context() | {"lead_image": references.current().get(Image, self.lead_image_id)}
