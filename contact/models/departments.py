"""Who answers enquiries, and where the mails about them go."""

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel


class Department(models.Model):
    """A team that answers enquiries. Readers see the name that the contact page gives it in their language."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    recipients = models.TextField(
        _("recipients"), max_length=2000, help_text=_("Who is told of new enquiries: one e-mail address on each line.")
    )
    groups = models.ManyToManyField(
        Group,
        verbose_name=_("groups"),
        blank=True,
        help_text=_("Only people in these groups see the department's enquiries; everybody with the right if none."),
    )

    panels = [FieldPanel("name"), FieldPanel("recipients"), FieldPanel("groups")]
    seen_by_readers = False

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def addresses(self):
        """The recipients as a list."""
        return [line.strip() for line in self.recipients.splitlines() if line.strip()]

    def clean(self):
        super().clean()
        for address in self.addresses:
            try:
                validate_email(address)
            except ValidationError:
                message = _("“%(address)s” is not an e-mail address.") % {"address": address}
                raise ValidationError({"recipients": message}) from None
