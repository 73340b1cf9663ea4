"""Making pages and snippets ready for translation: one at once, thousands in the background."""

import logging
import time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationSource

from delivery.tree import hold_the_tree
from translation import memory, publishing
from translation.models import Submission, SubmittedPage

logger = logging.getLogger("portal.translation")
# A task gives way to others after so long, and goes on in the next.
TURN_SECONDS = 5
STALLED_SECONDS = 60
WAITING, DONE, FAILED = SubmittedPage.State.WAITING, SubmittedPage.State.DONE, SubmittedPage.State.FAILED


@transaction.atomic
def submit(instance, locale, user=None):
    """Make a page or snippet ready for translation into a language, as a draft; nothing is ever published.

    Pages above it that are missing in that language come first. What exists there already stays as it is, and so do
    aliases above it: lists and sections that readers have.

    Args:
        instance: the page or snippet in its source language.
        locale: the ``Locale`` to translate into.
        user: whose work it is.

    Returns:
        the ``Translation``, or None where the language has a version that is nobody's translation.

    Raises:
        ValidationError: the source was itself translated from that language, or the draft cannot be saved.
    """
    # Before any row: whoever deletes the page holds it first, too.
    hold_the_tree()
    instance = getattr(instance, "specific", instance)
    if getattr(instance, "alias_of_id", None):
        instance = instance.alias_of.specific
    if instance.locale_id == locale.pk:
        return None
    refuse_second_source(instance.translation_key, instance.locale_id, locale.pk)
    there = version_in(instance, locale)
    if there is not None and not getattr(there, "alias_of_id", None):
        return Translation.objects.filter(
            source__object_id=instance.translation_key, target_locale=locale, enabled=True
        ).first()
    parent = instance.get_parent() if isinstance(instance, Page) and instance.depth > 2 else None
    if parent is not None and version_in(parent, locale) is None:
        submit(parent, locale, user)
    source = _frozen(instance)
    _submit_related(source, locale, user)
    translation, _created = Translation.objects.update_or_create(
        source=source, target_locale=locale, defaults={"enabled": True}
    )
    memory.fill(translation)
    try:
        translation.save_target(user=user, publish=False)
    except ValidationError as error:
        raise ValidationError(publishing.named(error, instance)) from error
    if there is not None:
        # An alias was live with its source's words; as a draft it waits for the translator's.
        translation.get_target_instance().unpublish(user=user, log_action=False)
    return translation


def _frozen(instance):
    """Freeze a page or snippet for its translators; what changed keeps its old words in the languages that have it."""
    known = TranslationSource.objects.filter(object_id=instance.translation_key, locale_id=instance.locale_id)
    before = known.values_list("content_json", flat=True).first()
    source, _created = TranslationSource.update_or_create_from_instance(instance)
    if before not in (None, source.content_json):
        for translation in source.translations.filter(enabled=True).select_related("source"):
            memory.fill(translation)
    return source


def version_in(instance, locale):
    """Return a page or snippet in another language, live or not, or None."""
    model = instance.get_translation_model()
    return model.objects.filter(translation_key=instance.translation_key, locale=locale).first()


def refuse_second_source(translation_key, source_locale_id, target_locale_id):
    """Raise ValidationError if a translation would write over its own source, or over another source's translation."""
    others = Translation.objects.filter(source__object_id=translation_key, enabled=True)
    if others.filter(source__locale=target_locale_id, target_locale=source_locale_id).exists():
        raise ValidationError(_("This is itself a translation from that language."))
    if others.filter(target_locale=target_locale_id).exclude(source__locale=source_locale_id).exists():
        raise ValidationError(_("That language has a translation from another source already."))


def _submit_related(source, locale, user):
    """Make what the source cannot do without ready too, where the language lacks it; never over what is there."""
    for segment in source.relatedobjectsegment_set.select_related("object"):
        related = segment.object.get_instance_or_none(source.locale)
        if related is not None and not segment.object.has_translation(locale):
            submit(related, locale, user)


@transaction.atomic
def order(pages, locales, user, title):
    """Store an order for many pages and start its work in the background.

    Args:
        pages: a queryset of pages in their source language, parents before children.
        locales: the ``Locale`` rows to translate into.
        user: who ordered it.
        title: what people see it by.

    Returns:
        the ``Submission``.
    """
    submission = Submission.objects.create(user=user, title=title[:255])
    submission.locales.set(locales)
    SubmittedPage.objects.bulk_create(
        (SubmittedPage(submission=submission, page_id=pk) for pk in pages.values_list("pk", flat=True)),
        batch_size=500,
    )
    transaction.on_commit(lambda: work.enqueue(submission.pk))
    return submission


@task()
def work(submission_id):
    """Work off a submission, a page at a time, and give way after a few seconds (background task)."""
    submission = Submission.objects.filter(pk=submission_id, finished_on=None).select_related("user").first()
    if submission is None:
        return
    locales = list(submission.locales.all())
    deadline = time.monotonic() + TURN_SECONDS
    while _next_page(submission, locales):
        if time.monotonic() > deadline:
            work.enqueue(submission_id)
            return
    _finish(submission)


def _next_page(submission, locales):
    """Do the next page and note it in one transaction: a worker that is killed has done a page whole or not at all."""
    with transaction.atomic():
        # Two workers would prepare the same page; and whoever deletes it holds the tree before the note of it.
        hold_the_tree()
        item = submission.pages.filter(state=WAITING).select_related("page").order_by("pk").first()
        if item is None:
            return False
        try:
            with transaction.atomic():
                for locale in locales:
                    submit(item.page, locale, submission.user)
            item.state = DONE
        except Exception as error:
            # One page that cannot be prepared holds up no other; people see it in the list.
            logger.exception("Page %s could not be made ready for translation", item.page_id)
            item.state = FAILED
            item.message = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        item.save(update_fields=["state", "message"])
        submission.save(update_fields=["touched_on"])
    return True


def _finish(submission):
    if not submission.pages.filter(state=WAITING).exists():
        submission.finished_on = timezone.now()
        submission.save(update_fields=["finished_on", "touched_on"])


def resume_stalled():
    """Start the work again of submissions that nobody has touched for a minute: their worker is gone.

    Returns:
        how many.
    """
    before = timezone.now() - timezone.timedelta(seconds=STALLED_SECONDS)
    stalled = Submission.objects.filter(finished_on=None, touched_on__lt=before)
    for submission in stalled:
        submission.save(update_fields=["touched_on"])
        work.enqueue(submission.pk)
    return len(stalled)


def progress(submission):
    """Return {"total", "done", "failed"} of a submission."""
    states = list(submission.pages.values_list("state", flat=True))
    return {"total": len(states), "done": len(states) - states.count(WAITING), "failed": states.count(FAILED)}
