"""Who gets the newsletter, and who must not."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


class Frequency(models.TextChoices):
    EACH = "each", _("Each article")
    WEEKLY = "weekly", _("Once a week")
    MONTHLY = "monthly", _("Once a month")


def new_secret():
    return secrets.token_urlsafe(16)


class Subscriber(models.Model):
    """An address in one language. Who unsubscribes is deleted, and remembered as a ``Suppression``."""

    class State(models.TextChoices):
        PENDING = "pending", _("Not confirmed yet")
        ACTIVE = "active", _("Confirmed")

    email = models.EmailField(_("e-mail address"))
    # ``core.addresses.key``: one subscription for each address, however it is spelled.
    address_key = models.CharField(max_length=64, unique=True)
    language = models.CharField(_("language"), max_length=12)
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices, default=Frequency.WEEKLY)
    # Translation keys of topics, as text; empty for all of them.
    topics = models.JSONField(_("topics"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PENDING, db_index=True)
    # In the addresses of preferences and of leaving, for as long as the subscription lasts.
    secret = models.CharField(max_length=32, default=new_secret)
    # In the address of the confirmation, once: empty when it was used.
    confirmation = models.CharField(max_length=32, blank=True)
    # When a confirmation or a link to the preferences was last mailed: not more often than once in a while.
    mailed_on = models.DateTimeField(null=True, blank=True)
    consent_text = models.TextField(_("consent"), blank=True)
    consent_version = models.CharField(_("version of the consent"), max_length=12, blank=True)
    # The address of the page with the form.
    source = models.CharField(_("signed up on"), max_length=300, blank=True)
    asked_on = models.DateTimeField(_("signed up"), auto_now_add=True)
    confirmed_on = models.DateTimeField(_("confirmed"), null=True, blank=True)

    seen_by_readers = False

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-asked_on", "-pk"]
        indexes = [models.Index(fields=["state", "language", "frequency"], name="subscribers_of_an_issue")]

    def __str__(self):
        # Without the address: Wagtail's log keeps what things were called.
        return f"{self._meta.verbose_name} {self.pk}"


class Suppression(models.Model):
    """An address that is not mailed, known only by its keyed hash."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        BOUNCED = "bounced", _("Could not be delivered")
        COMPLAINED = "complained", _("Complained")
        ERASED = "erased", _("Erased")

    address_key = models.CharField(max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    created = models.DateTimeField(_("since"), auto_now_add=True)

    seen_by_readers = False

    class Meta:
        verbose_name = _("address that is not mailed")
        verbose_name_plural = _("addresses that are not mailed")

    def __str__(self):
        return self.address_key[:8]
