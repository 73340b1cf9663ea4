"""Whether a translation still says what its source says.

For every translation the words of its source at that time are kept as a fingerprint. When the source is published
with other words, the translation is out of date from that moment, in the same transaction; when the source says the
old words again, or the translation is published with everything done, it is up to date.
"""

import hashlib
import json

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.models import DraftStateMixin, Locale, Page, get_translatable_models
from wagtail_localize.models import Translation
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue, TemplateSegmentValue

from delivery.generation import per_generation
from delivery.translations import Outdated
from translation import segments
from translation.models import Freshness


def fingerprint(instance):
    """Return a fingerprint of the words that translators translate, with the links and pictures among them."""
    values = segments.extracted(instance)
    words = [
        (value.path, value.string.data, value.attrs)
        if isinstance(value, StringSegmentValue)
        else (value.path, value.template)
        for value in values
        if isinstance(value, (StringSegmentValue, TemplateSegmentValue))
    ]
    words += [
        (value.path, value.data) for value in values if isinstance(value, OverridableSegmentValue) and "." in value.path
    ]
    return hashlib.sha256(json.dumps(words, sort_keys=True, default=str).encode()).hexdigest()


def snippet_models():
    """Return the snippet models that have a version in each language."""
    models = get_translatable_models()
    return [model for model in models if issubclass(model, DraftStateMixin) and not issubclass(model, Page)]


def versions(instance):
    """Return the rows of a page or snippet in every language, aliases left out, itself included."""
    model = instance.get_translation_model()
    rows = model.objects.filter(translation_key=instance.translation_key)
    return rows.filter(alias_of=None) if issubclass(model, Page) else rows


def sources(translation_key, locale_ids):
    """Return {locale id: locale id of its source} for the languages that something exists in.

    A translation made by wagtail-localize knows its source. Any other is taken for one of the default language.

    Args:
        translation_key: the key that the translations share.
        locale_ids: the locales it exists in.
    """
    locale_ids = set(locale_ids)
    records = Translation.objects.filter(source__object_id=translation_key, enabled=True).order_by("pk")
    known = dict(records.values_list("target_locale_id", "source__locale_id"))
    default = default_locale_id()
    if default not in known:
        originals = set(known.values()) | {default}
        known = dict.fromkeys(locale_ids - originals, default) | known
    return {target: source for target, source in known.items() if {target, source} <= locale_ids}


@per_generation
def default_locale_id():
    return Locale.objects.values_list("pk", flat=True).get(language_code=settings.LANGUAGE_CODE)


def live_version(instance, locale_id):
    """Return a page or snippet in another language with its live content, or None."""
    found = versions(instance).filter(locale_id=locale_id).first()
    return getattr(found, "specific", found)


def went_live(instance):
    """Keep count of the words when a page or snippet is published, or is made live by a program."""
    if getattr(instance, "alias_of_id", None):
        return
    locale_ids = list(versions(instance).values_list("locale_id", flat=True))
    if len(locale_ids) < 2:
        return
    source_of = sources(instance.translation_key, locale_ids)
    targets = [target for target, source in source_of.items() if source == instance.locale_id]
    if targets:
        _source_went_live(instance, targets)
    if instance.locale_id in source_of:
        _translation_went_live(instance, source_of[instance.locale_id])


def _source_went_live(instance, targets):
    words = fingerprint(instance)
    live = set(versions(instance).filter(locale_id__in=targets, live=True).values_list("locale_id", flat=True))
    rows = {row.locale_id: row for row in Freshness.objects.filter(translation_key=instance.translation_key)}
    for locale_id in targets:
        row = rows.get(locale_id)
        if row is None and locale_id in live:
            # What it was made from is not known; it says so until somebody has looked.
            row = Freshness(translation_key=instance.translation_key, locale_id=locale_id, fingerprint="")
        if row is not None:
            row.source_locale_id = instance.locale_id
            settle(row, words)


def _translation_went_live(instance, source_locale_id):
    """The first time that a translation is live, it is taken to say what its source says."""
    mine = {"translation_key": instance.translation_key, "locale_id": instance.locale_id}
    if not Freshness.objects.filter(**mine).exists():
        source = live_version(instance, source_locale_id)
        Freshness.objects.create(**mine, source_locale_id=source_locale_id, fingerprint=fingerprint(source))


def settle(row, words):
    """Store whether a translation is out of date, given what its source says now.

    Args:
        row: its ``Freshness``, stored or not.
        words: the fingerprint of the live source.
    """
    before = (row.pk, row.source_changed_on)
    if row.fingerprint == words:
        row.source_changed_on = None
    elif row.source_changed_on is None:
        row.source_changed_on = timezone.now()
    if before != (row.pk, row.source_changed_on) or row.pk is None:
        row.save()


def accept(instance, words=None):
    """Take a translation to be up to date.

    Args:
        instance: the translated page or snippet.
        words: the fingerprint of what it was made from; by default what its source says now.

    Returns:
        whether it is up to date now (its source may have gone on).
    """
    locale_ids = versions(instance).values_list("locale_id", flat=True)
    source_locale_id = sources(instance.translation_key, locale_ids).get(instance.locale_id)
    source = live_version(instance, source_locale_id) if source_locale_id else None
    if source is None:
        return True
    now = fingerprint(source)
    row = Freshness.objects.filter(translation_key=instance.translation_key, locale_id=instance.locale_id).first()
    row = row or Freshness(translation_key=instance.translation_key, locale_id=instance.locale_id)
    row.source_locale_id = source_locale_id
    changed = row.fingerprint != (words or now)
    row.fingerprint = words or now
    settle(row, now)
    if changed:
        row.save()
    return row.source_changed_on is None


def doubt(instance, is_known):
    """Keep count of a translation that was published with open sentences.

    Args:
        instance: the translated page or snippet.
        is_known: False if it says older words of its source: then it is out of date, from its first publication on.
    """
    row = Freshness.objects.filter(translation_key=instance.translation_key, locale_id=instance.locale_id).first()
    if row is not None and not is_known and row.source_changed_on is None:
        row.fingerprint = ""
        settle(row, "unknown")


def adopt():
    """Take every live translation that nothing is known of to be up to date: those of imports and of demo content.

    Returns:
        how many there were.
    """
    before = Freshness.objects.count()
    known = Freshness.objects.filter(translation_key=OuterRef("translation_key"), locale=OuterRef("locale"))
    for model in (Page, *snippet_models()):
        rows = model.objects.filter(~Exists(known), live=True).exclude(locale_id=default_locale_id())
        for row in rows.filter(alias_of=None, depth__gt=1) if model is Page else rows:
            accept(row)
    return Freshness.objects.count() - before


def forget(translation_key, locale_id):
    """Drop what is kept of a page or snippet that is gone, as a translation and as the source of others."""
    gone = Q(locale_id=locale_id) | Q(source_locale_id=locale_id)
    Freshness.objects.filter(gone, translation_key=translation_key).delete()


def is_outdated(instance):
    """Return whether a page or snippet is a translation that is out of date, as the database says now."""
    mine = Freshness.objects.filter(translation_key=instance.translation_key, locale_id=instance.locale_id)
    return mine.filter(source_changed_on__isnull=False).exists()


@per_generation
def outdated():
    """Return {(translation key, locale id): Outdated} of all translations that are out of date."""
    rows = Freshness.objects.filter(source_changed_on__isnull=False).values_list(
        "translation_key", "locale_id", "source_changed_on", "source_locale_id"
    )
    return {(key, locale): Outdated(since, source) for key, locale, since, source in rows}
