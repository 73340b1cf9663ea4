"""Mails to one person or team that wait to be sent, and what became of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QueuedMail(models.Model):
    """One mail, kept until it is sent; afterwards only what became of it, for as long as it may be asked for."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused by the mail server")
        GIVEN_UP = "given_up", _("Given up")

    # What it is about, such as the reference of an enquiry: it is erased with that.
    about = models.CharField(max_length=60, blank=True, db_index=True)
    sender = models.CharField(max_length=320)
    # One address a line.
    recipients = models.TextField()
    raw = models.BinaryField()
    message_id = models.CharField(max_length=200, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # A server had it once and never answered.
    is_in_doubt = models.BooleanField(default=False)
    # The reply code of the server or the kind of fault, never an address.
    trouble = models.CharField(max_length=120, blank=True)
    created = models.DateTimeField(auto_now_add=True, db_index=True)
    sent_on = models.DateTimeField(null=True)

    seen_by_readers = False

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        permissions = [("manage_personal_data", _("Can see and erase what is stored about an address"))]

    def __str__(self):
        return self.message_id
