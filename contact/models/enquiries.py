"""What readers write, and what follows from it."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from contact.models.departments import Department
from core.models import QueuedMail

# Without letters and digits that are mistaken for each other on the telephone.
REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_reference():
    """Return a reference that a reader can give on the telephone, such as K7M2-9QPA."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _index in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class Enquiry(models.Model):
    """A message from a reader, stored before anything else happens with it."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        ASSIGNED = "assigned", _("Assigned")
        ANSWERED = "answered", _("Answered")
        SPAM = "spam", _("Spam")

    reference = models.CharField(_("reference"), max_length=9, unique=True, default=new_reference, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW, db_index=True)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), null=True, blank=True, on_delete=models.SET_NULL
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    # The hash by which the address is found in any spelling (``core.addresses.key``).
    address_key = models.CharField(max_length=64, db_index=True)
    message = models.TextField(_("message"), blank=True)
    # [{"key": the field's block id, "label": as the reader saw it, "value": words, "choices": block ids of choices}]
    answers = models.JSONField(_("answers"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=12)
    page = models.ForeignKey(
        Page, verbose_name=_("sent from"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What the sender was told would happen to the data, and the hash of these words as its version.
    consent_text = models.TextField(_("privacy note"), blank=True)
    consent_version = models.CharField(_("version of the privacy note"), max_length=12, blank=True)
    # Names of ``core.spam.SIGNS``.
    signs = models.JSONField(_("signs of spam"), default=list, blank=True)
    # Keyed hash of the sender's network and the day: counts, and tells nobody's address.
    client = models.CharField(max_length=64, blank=True, db_index=True)
    # Keyed hash of what was written, by which repetitions are found.
    words_key = models.CharField(max_length=64, blank=True, db_index=True)
    received_on = models.DateTimeField(_("received"), auto_now_add=True, db_index=True)
    answered_on = models.DateTimeField(_("answered"), null=True, blank=True)

    seen_by_readers = False

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-received_on", "-pk"]

    def __str__(self):
        # Without the address: Wagtail's log keeps what things were called.
        return self.reference


class ThreadEntry(models.Model):
    """One thing that followed an enquiry: a mail in or out, a note, a change."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement to the sender")
        NOTIFICATION = "notification", _("Mail to the team")
        REPLY = "reply", _("Reply")
        ANSWER = "answer", _("Answer of the sender")
        NOTE = "note", _("Note")
        CHANGE = "change", _("Change")

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="thread")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Of a mail: under which it is known, and what becomes of it.
    message_id = models.CharField(max_length=200, blank=True, db_index=True)
    mail = models.ForeignKey(QueuedMail, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    seen_by_readers = False

    class Meta:
        verbose_name = _("entry of a thread")
        verbose_name_plural = _("entries of a thread")
        ordering = ["created", "pk"]

    def __str__(self):
        return f"{self.enquiry_id} {self.kind}"
