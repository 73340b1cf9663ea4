"""What stands between a translation and its readers: faults, sentences without a translation, and those in review."""

import json

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst, slugify
from wagtail.coreutils import find_available_slug
from wagtail.models import Page
from wagtail_localize.models import OverridableSegment, SegmentOverride, StringSegment, StringTranslation
from wagtail_localize.strings import StringValue

from translation import freshness
from translation.models import Review


def open_sentences(translation):
    """Return how many sentences of a ``Translation`` are (without a translation, in review)."""
    segments = StringSegment.objects.filter(source_id=translation.source_id)
    missing = segments.annotate_translation(translation.target_locale_id).filter(translation__isnull=True)
    in_review = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id,
        locale_id=translation.target_locale_id,
        review__isnull=False,
        translation_of__segments__source=translation.source_id,
    )
    return missing.values("string_id", "context_id").distinct().count(), in_review.distinct().count()


def faults_of(translation):
    """Return what is wrong with the page or snippet that a ``Translation`` would publish, as ``named`` does."""
    instance = translation.source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)
    if isinstance(instance, Page):
        # Publishing does that; of a snippet, an address that is taken stays taken.
        slug = slugify(instance.slug, allow_unicode=True)
        instance.slug = find_available_slug(instance.get_parent(), slug, ignore_page_id=instance.pk)
    try:
        instance.full_clean()
    except ValidationError as error:
        return named(error, instance)
    return []


def named(error, instance):
    """Return what is wrong with a page or snippet, in sentences that name its fields.

    Args:
        error: the ``ValidationError``.
        instance: the page or snippet.
    """
    if not hasattr(error, "error_dict"):
        return error.messages
    names = {field.name: getattr(field, "verbose_name", field.name) for field in instance._meta.get_fields()}
    return [
        f"{capfirst(names[name])}: {message}" if name in names else message
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def accept_if_done(translation, instance, revision):
    """Take a published translation to be up to date when none of its sentences is open.

    Args:
        translation: the ``Translation``.
        instance: its page or snippet, live.
        revision: what was published; a draft that is older than its sentences does not say them.
    """
    missing, in_review = open_sentences(translation)
    older_words = Review.objects.filter(
        translation__context__object_id=instance.translation_key,
        translation__locale=translation.target_locale_id,
        translation__translation_of__segments__source=translation.source_id,
    ).exclude(previous_source="")
    newer = StringTranslation.objects.filter(
        context__object_id=instance.translation_key,
        locale=translation.target_locale_id,
        updated_at__gt=revision.created_at if revision else timezone.now(),
    )
    if missing or in_review or newer.exists():
        freshness.doubt(instance, is_known=not older_words.exists())
    else:
        freshness.accept(instance, freshness.fingerprint(translation.source.as_instance()))


def name_address(translation, page):
    """Give a page that goes live for the first time an address in its own language, unless somebody chose one.

    Args:
        translation: the ``Translation``.
        page: its page, which still has a copy of the source's slug.
    """
    segments = OverridableSegment.objects.filter(source=translation.source_id, context__path="slug")
    segment = segments.first()
    mine = {"locale": translation.target_locale, "context__path": "slug", "context__object_id": page.translation_key}
    if page.first_published_at or segment is None or SegmentOverride.objects.filter(**mine).exists():
        return
    titles = StringTranslation.objects.filter(**(mine | {"context__path": "title"}), has_error=False)
    title = titles.filter(translation_of__segments__source=translation.source_id).first()
    slug = slugify(StringValue(title.data).render_text(), allow_unicode=True)[:80].strip("-") if title else ""
    taken = getattr(page, "reserved_slugs", set()) | {code for code, _name in settings.LANGUAGES}
    if slug and slug not in taken and not slug.isdigit():
        SegmentOverride.objects.create(
            locale=translation.target_locale, context=segment.context, data_json=json.dumps(slug)
        )
