"""One issue to one subscriber, and what became of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.issues import Issue
from newsletter.models.subscribers import Subscriber


class Delivery(models.Model):
    """A mail of an issue. Its subscriber may be gone; that it was sent stays counted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        # Given to the mail server, no answer yet. Whoever finds it so after a crash cannot know: it becomes in doubt.
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused by the mail server")
        IN_DOUBT = "in_doubt", _("In doubt")
        LEFT_OUT = "left_out", _("Left out")

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(
        Subscriber, null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    # Of the mail, the same if a person sends it again.
    message_id = models.CharField(max_length=200, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(_("trouble"), max_length=120, blank=True)
    sent_on = models.DateTimeField(_("sent"), null=True, blank=True)
    # What came of it after it was sent.
    has_bounced = models.BooleanField(default=False)
    has_complained = models.BooleanField(default=False)
    has_unsubscribed = models.BooleanField(default=False)

    seen_by_readers = False

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["issue", "subscriber"], name="an_issue_once_to_a_subscriber")]
        indexes = [models.Index(fields=["issue", "state", "id"], name="deliveries_of_an_issue")]

    def __str__(self):
        return self.message_id


class IssueCount(models.Model):
    """How often an issue was opened, or a link of it followed, by whomever; only where counting is on."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="counts")
    # Empty for openings, else the address that was followed.
    link = models.CharField(max_length=500, blank=True)
    number = models.PositiveIntegerField(default=0)

    seen_by_readers = False

    class Meta:
        verbose_name = _("count of an issue")
        verbose_name_plural = _("counts of an issue")
        constraints = [models.UniqueConstraint(fields=["issue", "link"], name="one_count_of_a_link")]

    def __str__(self):
        return f"{self.issue_id} {self.link}"
