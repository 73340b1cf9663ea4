"""What is sent: issues that editors make, and digests that make themselves."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import Locale, Orderable

from news.models import ArticlePage, Topic
from newsletter.models.subscribers import Frequency

GREETING_FEATURES = ["bold", "italic", "link", "ul"]


class Digest(models.Model):
    """An issue that assembles itself from what was published: of a language, for those who chose a frequency."""

    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.CASCADE, related_name="+")
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices)
    is_on = models.BooleanField(_("on"), default=False)
    is_reviewed = models.BooleanField(
        _("wait for an editor"), default=True, help_text=_("The issue is made as a draft, and somebody sends it.")
    )
    subject = models.CharField(
        _("subject"), max_length=150, help_text=_("Of an issue with one article, its title follows.")
    )
    greeting = RichTextField(_("greeting"), blank=True, features=GREETING_FEATURES)
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), default=0, validators=[MaxValueValidator(6)], help_text=_("Of a weekly digest.")
    )
    day = models.PositiveSmallIntegerField(
        _("day of the month"), default=1, validators=[MaxValueValidator(28)], help_text=_("Of a monthly digest.")
    )
    hour = models.PositiveSmallIntegerField(_("hour"), default=8, validators=[MaxValueValidator(23)])
    delay_minutes = models.PositiveSmallIntegerField(
        _("minutes after publication"), default=15, help_text=_("Of each article: time to correct it.")
    )
    # What was published before is not in it.
    since = models.DateTimeField(null=True, blank=True, editable=False)

    seen_by_readers = False

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [models.UniqueConstraint(fields=["locale", "frequency"], name="one_digest_of_a_kind")]

    def __str__(self):
        return f"{self.get_frequency_display()} ({self.locale})"


class Issue(ClusterableModel):
    """One mailing in one language."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        SENDING = "sending", _("Being sent")
        STOPPED = "stopped", _("Stopped")
        SENT = "sent", _("Sent")

    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=150)
    preheader = models.CharField(
        _("preview line"), max_length=150, blank=True, help_text=_("Mail programs show it after the subject.")
    )
    greeting = RichTextField(_("greeting"), blank=True, features=GREETING_FEATURES)
    # Who gets it: the subscribers of the language, narrowed by these.
    frequency = models.CharField(
        _("for those who chose"),
        max_length=8,
        choices=Frequency.choices,
        blank=True,
        help_text=_("Everybody if empty."),
    )
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("for those interested in"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    digest = models.ForeignKey(
        Digest, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="issues"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False, db_index=True
    )
    send_at = models.DateTimeField(_("send at"), null=True, blank=True, editable=False)
    started_on = models.DateTimeField(_("sending began"), null=True, blank=True, editable=False)
    finished_on = models.DateTimeField(_("sending ended"), null=True, blank=True, editable=False)
    # Whoever sends it holds it, and says so before each mail; a hold that was not renewed is over.
    holder = models.CharField(max_length=32, blank=True, editable=False)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    created = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    seen_by_readers = False

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-created", "-pk"]

    def __str__(self):
        return self.subject


class IssueArticle(Orderable):
    """An article in an issue."""

    issue = ParentalKey(Issue, on_delete=models.CASCADE, related_name="articles")
    article = models.ForeignKey(ArticlePage, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+")

    seen_by_readers = False

    class Meta(Orderable.Meta):
        verbose_name = _("article")
        verbose_name_plural = _("articles")
