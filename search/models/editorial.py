"""What editors tell the search: words that mean the same, and what is to stand above the results."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page

from core.models import Document
from search import text

MAX_SYNONYMS = 12
MAX_QUERIES = 20
MAX_WORDS = 80
SEPARATORS = re.compile(r"[,;،؛、，；\n]")
TARGETS = ("page", "document", "url")


def split(line, separators=SEPARATORS):
    """Return the words or phrases of a line, each on one line and without what cannot be seen."""
    kept = "".join(sign if sign.isprintable() or sign.isspace() else "" for sign in unicodedata.normalize("NFC", line))
    return [found for part in separators.split(kept) if (found := " ".join(part.split()))]


def form_of(phrase, language):
    """Return a phrase as the search compares it: the stems of its words in order."""
    return tuple(part for word in text.words(phrase, language) for part in word.parts)


def check(phrases, language, field, most):
    """Refuse phrases that say nothing, say the same, or are too many or too long.

    Raises:
        ValidationError: of that field.
    """
    seen = {}
    for phrase in phrases:
        form = form_of(phrase, language)
        if not form:
            raise ValidationError({field: _("“%s” has no letter or digit to look for.") % phrase[:MAX_WORDS]})
        if len(phrase) > MAX_WORDS:
            message = _("“%(words)s…” is longer than %(number)d characters.")
            raise ValidationError({field: message % {"words": phrase[:30], "number": MAX_WORDS}})
        if form in seen:
            message = _("“%(one)s” and “%(other)s” are the same to the search: leave one out.")
            raise ValidationError({field: message % {"one": seen[form], "other": phrase}})
        seen[form] = phrase
    if len(phrases) > most:
        raise ValidationError({field: _("At most %d, please.") % most})


class SynonymGroup(models.Model):
    """Words that mean the same in a language: who looks for one finds the others."""

    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.CASCADE, related_name="+")
    words = models.CharField(
        _("words that mean the same"),
        max_length=500,
        help_text=_("At least two words or phrases with commas between them, for example: CTU, clinical trials unit"),
    )

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words", "pk"]

    def __str__(self):
        return self.words

    @property
    def phrases(self):
        return tuple(split(self.words))

    def clean(self):
        super().clean()
        phrases = self.phrases
        if self.locale_id:
            check(phrases, self.locale.language_code, "words", MAX_SYNONYMS)
        if len(phrases) < 2:
            raise ValidationError({"words": _("Write at least two, with a comma between them.")})
        self.words = ", ".join(phrases)


class PromotedResult(models.Model):
    """What stands above the results when readers look for certain words."""

    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.CASCADE, related_name="+")
    queries = models.TextField(
        _("what readers type"),
        max_length=2000,
        help_text=_(
            "One word or phrase a line. Capitals, accents, singular and plural make no difference; synonyms count too."
        ),
    )
    page = models.ForeignKey(
        Page, verbose_name=_("page"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    document = models.ForeignKey(
        Document, verbose_name=_("document"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    url = models.URLField(
        _("address elsewhere"), max_length=500, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    title = models.CharField(
        _("title"), max_length=160, blank=True, help_text=_("Leave it empty to show the title of the page or document.")
    )
    description = models.CharField(
        _("description"), max_length=300, blank=True, help_text=_("Leave it empty to show the summary of the page.")
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Where several are shown, the smallest number stands first.")
    )

    class Meta:
        verbose_name = _("promoted result")
        verbose_name_plural = _("promoted results")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="promoted_result_has_one_target",
                condition=Q(page__isnull=False, document__isnull=True, url="")
                | Q(page__isnull=True, document__isnull=False, url="")
                | (Q(page__isnull=True, document__isnull=True) & ~Q(url="")),
            )
        ]

    def __str__(self):
        return ", ".join(self.variants)

    @property
    def target(self):
        """What is shown, for the list in the admin."""
        return self.page or self.document or self.url

    target.fget.short_description = _("what is shown")

    @property
    def variants(self):
        return tuple(split(self.queries, re.compile("\n")))

    def clean(self):
        super().clean()
        errors = {}
        for check_part in (self._check_queries, self._check_target):
            try:
                check_part()
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        # At the fields: where nothing is said of them, Django names the constraint.
        if errors:
            raise ValidationError(errors)

    def _check_queries(self):
        variants = self.variants
        if not variants:
            raise ValidationError({"queries": _("Write at least one word.")})
        if self.locale_id:
            check(variants, self.locale.language_code, "queries", MAX_QUERIES)
        self.queries = "\n".join(variants)

    def _check_target(self):
        targets = [name for name in TARGETS if getattr(self, name)]
        if len(targets) != 1:
            raise ValidationError(
                {name: _("Choose one: a page, a document or an address.") for name in targets or ["page"]}
            )
        if self.url and not self.title:
            raise ValidationError({"title": _("An address elsewhere needs a title.")})
        if self.document and self.locale_id and self.document.language_id not in (None, self.locale_id):
            raise ValidationError({"document": _("This document is in another language.")})
