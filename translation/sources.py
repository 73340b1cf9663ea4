"""The frozen content that translators work from, brought up to date when its source is published again."""

from django.db import transaction
from django_tasks import task
from wagtail_localize.models import Translation, TranslationLog, TranslationSource

from translation import memory


@task()
def refresh(source_id):
    """Take a source's live content over for its translators (background task); nothing is published.

    Sentences that changed a little keep their old translation and wait for a review.
    """
    source = TranslationSource.objects.filter(pk=source_id).first()
    if source is not None:
        bring_up_to_date(source)


@transaction.atomic
def bring_up_to_date(source):
    """Freeze a source's present content and fill its translations from memory.

    Returns:
        how many sentences were (filled, put up for review), over all languages.
    """
    try:
        source.update_from_db()
    except source.specific_content_type.model_class().DoesNotExist:
        return 0, 0
    filled = [memory.fill(item) for item in source.translations.filter(enabled=True).select_related("source")]
    return sum(item[0] for item in filled), sum(item[1] for item in filled)


def source_went_live(instance):
    """Have the translators' copy of a published page or snippet brought up to date."""
    sources = TranslationSource.objects.filter(
        object_id=instance.translation_key, locale_id=instance.locale_id, translations__enabled=True
    )
    for pk in set(sources.values_list("pk", flat=True)):
        refresh_soon(pk)


def refresh_soon(source_id):
    """Have a source's live content taken over once the present change is in the database."""
    transaction.on_commit(lambda: refresh.enqueue(source_id))


def translation_of(instance):
    """Return the enabled ``Translation`` whose target this page or snippet is, or None."""
    found = Translation.objects.filter(
        source__object_id=instance.translation_key, target_locale_id=instance.locale_id, enabled=True
    )
    return found.select_related("source__locale", "target_locale").order_by("-pk").first()


def original_of(translation):
    """Return the page or snippet that a ``Translation`` is made from, as it is now, or None if it is gone."""
    return translation.source.object.get_instance_or_none(translation.source.locale_id)


def is_withheld(translation):
    """Return whether readers have no source of a ``Translation``, and are to have none: a draft, or a withdrawn one."""
    source = original_of(translation)
    return source is not None and not source.live and not source.approved_schedule


def is_by_hand(instance):
    """Return whether somebody wrote the newest version of a translation as a whole, and no sentences made it."""
    made = TranslationLog.objects.filter(source__object_id=instance.translation_key, locale=instance.locale_id)
    newest = instance.latest_revision_id
    return newest is not None and not made.filter(revision=newest).exists()
