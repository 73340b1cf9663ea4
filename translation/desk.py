"""What there is to translate into a language, and how far each thing is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from core.models import Furniture
from translation.models import Freshness, Review

OUTDATED, REVIEW, DRAFT, MISSING, DONE = "outdated", "review", "draft", "missing", "done"
STATES = {
    OUTDATED: _("Out of date"),
    REVIEW: _("Needs review"),
    DRAFT: _("In work"),
    MISSING: _("Not translated"),
    DONE: _("Up to date"),
}
ORDER = list(STATES)


@dataclass
class Row:
    """One page or snippet of the desk."""

    source: object
    state: str
    changed_on: datetime | None
    target_id: int | None
    is_by_hand: bool = False
    total: int = 0
    translated: int = 0

    @property
    def state_name(self):
        return STATES[self.state]


def rows_of(model, source_locale, target_locale):
    """Return the queryset of what is live in one language, or waits to be, with its state in another as ``state``.

    What was never published is there once it is sent to the translators.

    Args:
        model: Page or a snippet model.
        source_locale, target_locale: ``Locale`` rows.
    """
    same = model.objects.filter(translation_key=OuterRef("translation_key"), locale=target_locale)
    same = same.filter(alias_of=None) if model is Page else same
    stale = Freshness.objects.filter(
        translation_key=OuterRef("translation_key"), locale=target_locale, source_changed_on__isnull=False
    )
    # Asked once for all: as a question about each page it is answered from every sentence of the language.
    reviews = Review.objects.filter(
        translation__locale=target_locale,
        translation__translation_of__segments__source__object_id=F("translation__context__object_id"),
    ).values("translation__context__object_id")
    submitted = Exists(_records(source_locale, target_locale))
    found = model.objects.filter(Q(live=True) | Q(submitted, last_published_at=None), locale=source_locale)
    found = found.filter(alias_of=None, depth__gt=1) if model is Page else found
    return found.annotate(
        target_id=Subquery(same.values("pk")[:1]),
        target_live=Exists(same.filter(live=True)),
        changed_on=Subquery(stale.values("source_changed_on")[:1]),
        in_review=ExpressionWrapper(Q(translation_key__in=reviews), BooleanField()),
        is_source=Exists(_records(target_locale, source_locale)),
        is_managed=submitted,
        is_unfinished=Exists(_unfinished(source_locale, target_locale)),
    ).annotate(state=_by_state({state: state for state in ORDER}))


def _records(source_locale, target_locale):
    return Translation.objects.filter(
        source__object_id=OuterRef("translation_key"),
        source__locale=source_locale,
        target_locale=target_locale,
        enabled=True,
    )


def _unfinished(source_locale, target_locale):
    """Sentences of a translation made here that have no translation."""
    done = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"), context_id=OuterRef("context_id"), locale=target_locale
    )
    return StringSegment.objects.filter(
        ~Exists(done),
        source__object_id=OuterRef("translation_key"),
        source__locale=source_locale,
        source__translations__target_locale=target_locale,
        source__translations__enabled=True,
    )


def _by_state(values):
    """Return the expression for what a row's state stands for, given {state: value}."""
    return Case(
        When(target_id=None, then=Value(values[MISSING])),
        When(changed_on__isnull=False, then=Value(values[OUTDATED])),
        When(in_review=True, is_managed=True, then=Value(values[REVIEW])),
        When(Q(target_live=False) | Q(is_unfinished=True), then=Value(values[DRAFT])),
        default=Value(values[DONE]),
    )


def listed(model, source_locale, target_locale, state="", words=""):
    """Return the desk's queryset: what needs work first, the newest first within each state.

    What was itself translated from the other language is left out.
    """
    found = rows_of(model, source_locale, target_locale).filter(is_source=False)
    if model is Furniture and Furniture.objects.filter(locale=target_locale).exists():
        # A language has one: where it made its own, there is nothing to translate.
        found = found.exclude(target_id=None)
    if state in STATES:
        found = found.filter(state=state)
    if words:
        # A snippet is known by whatever its first field of words is: a name, or the organisation's.
        name = "title" if model is Page else next(iter(get_translatable_fields(model))).field_name
        found = found.filter(**{f"{name}__icontains": words})
    rank = _by_state({name: number for number, name in enumerate(ORDER)})
    return found.annotate(rank=rank).order_by("rank", "-pk")


def counts(source_locale, target_locale):
    """Return {state: number of pages} in the order in which they need work."""
    found = rows_of(Page, source_locale, target_locale).filter(is_source=False)
    known = dict(found.order_by().values_list("state").annotate(Count("pk")))
    return {state: known.get(state, 0) for state in ORDER}


def with_progress(items, target_locale):
    """Return a ``Row`` for each item, with its sentences counted in two queries for all."""
    keys = [item.translation_key for item in items]
    sources = dict(
        TranslationSource.objects.filter(object_id__in=keys, translations__target_locale=target_locale).values_list(
            "object_id", "pk"
        )
    )
    segments = StringSegment.objects.filter(source__in=sources.values()).order_by()
    done = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"),
        context_id=OuterRef("context_id"),
        locale=target_locale,
        has_error=False,
    )
    totals = dict(segments.values_list("source_id").annotate(Count("pk")))
    translated = dict(segments.filter(Exists(done)).values_list("source_id").annotate(Count("pk")))
    rows = []
    for item in items:
        source = sources.get(item.translation_key)
        counted = totals.get(source, 0), translated.get(source, 0)
        rows.append(Row(item, item.state, item.changed_on, item.target_id, not item.is_managed, *counted))
    return rows
