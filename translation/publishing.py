"""What stands between a translation and its readers: sentences without a translation, and those in review."""

from wagtail_localize.models import StringSegment, StringTranslation

from translation import freshness


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


def accept_if_done(translation, instance):
    """Take a published translation to be up to date when none of its sentences is open.

    Args:
        translation: the ``Translation``.
        instance: its page or snippet, live.
    """
    if open_sentences(translation) == (0, 0):
        freshness.accept(instance, freshness.fingerprint(translation.source.as_instance()))
