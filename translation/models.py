"""What Portal remembers of translations beside wagtail-localize's own records."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page
from wagtail_localize.locales.components import register_locale_component
from wagtail_localize.models import StringTranslation


class Freshness(models.Model):
    """Which words of its source a translation says, and since when the source says others."""

    translation_key = models.UUIDField()
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    source_locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    source_changed_on = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["translation_key", "locale"], name="one_freshness_per_language")]

    def __str__(self):
        return f"{self.translation_key} {self.locale_id}"


class Review(models.Model):
    """A translated sentence that somebody must look at before it counts as done."""

    class Reason(models.TextChoices):
        CHANGED = "changed", _("The source sentence changed")
        FUZZY = "fuzzy", _("Marked as unsure in a PO file")
        MACHINE = "machine", _("Translated by a machine")

    translation = models.OneToOneField(
        StringTranslation, primary_key=True, on_delete=models.CASCADE, related_name="review"
    )
    reason = models.CharField(max_length=10, choices=Reason.choices)
    previous_source = models.TextField(blank=True)
    made_on = models.DateTimeField(auto_now_add=True)

    seen_by_readers = False

    def __str__(self):
        return f"{self.get_reason_display()}: {self.translation_id}"


class Submission(models.Model):
    """An order to make pages ready for translation, worked off page by page in the background."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    locales = models.ManyToManyField(Locale, related_name="+")
    title = models.CharField(max_length=255)
    made_on = models.DateTimeField(auto_now_add=True)
    touched_on = models.DateTimeField(auto_now=True)
    finished_on = models.DateTimeField(null=True, blank=True, db_index=True)

    seen_by_readers = False

    class Meta:
        ordering = ["-made_on", "-pk"]

    def __str__(self):
        return self.title


class SubmittedPage(models.Model):
    """One page of a submission; its state changes in the transaction that does its work."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="pages")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    message = models.TextField(blank=True)

    seen_by_readers = False

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "page"], name="page_once_in_a_submission")]
        indexes = [models.Index(fields=["submission", "state"], name="submission_by_state")]

    def __str__(self):
        return f"{self.page_id}: {self.state}"


@register_locale_component(
    heading=_("Pages that are not translated"),
    help_text=_("What readers of this language meet where a page has no translation yet."),
    required=True,
)
class LanguagePolicy(models.Model):
    """What a language does with pages that are not translated into it."""

    class Untranslated(models.TextChoices):
        NOTICE = "notice", _("Say that it is not translated yet, with a link to the original")
        ALIAS = "alias", _("Show the page in its original language")
        HIDE = "hide", _("Hide it: the address is not found")

    locale = models.OneToOneField(Locale, on_delete=models.CASCADE, related_name="+")
    untranslated = models.CharField(
        _("untranslated pages"), max_length=10, choices=Untranslated.choices, default=Untranslated.NOTICE
    )

    class Meta:
        verbose_name = _("language policy")
        verbose_name_plural = _("language policies")

    def __str__(self):
        return f"{self.locale}: {self.get_untranslated_display()}"
