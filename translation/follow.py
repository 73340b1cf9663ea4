"""What happens to translations when something happens to their source (docs/decisions/0014).

Withdrawing, expiry, moves, privacy and facts (dates, kind, topics, pictures) follow at once. Words wait for a
translator. Deleting a page deletes its aliases in other languages, not its translations.
"""

import logging

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from treebeard.exceptions import InvalidMoveToDescendant
from wagtail.coreutils import find_available_slug
from wagtail.models import Page, PageViewRestriction, Revision
from wagtail_localize.fields import SynchronizedField, TranslatableField, get_translatable_fields
from wagtail_localize.models import SegmentOverride, StringTranslation
from wagtail_localize.strings import StringValue

from delivery.tree import hold_the_tree
from translation.freshness import is_outdated, sources, versions
from translation.sources import original_of, translation_of

logger = logging.getLogger("portal.translation")
# An address is a language's own, and "updated" is said of words.
NOT_FACTS = {"slug", "updated_on"}


def translations_of(page):
    """Return the pages or snippets translated from this one, or none if it is itself a translation."""
    others = {item.locale_id: item for item in versions(page).exclude(pk=page.pk)}
    if not others:
        return []
    source_of = sources(page.translation_key, [page.locale_id, *others])
    return [item for locale, item in others.items() if source_of.get(locale) == page.locale_id]


def withdrawn(page):
    """What was unpublished, or expired, is withdrawn in every language, with what was due to go live."""
    for translation in translations_of(page):
        if translation.live:
            getattr(translation, "specific", translation).unpublish()
        Revision.objects.for_instance(translation).update(approved_go_live_at=None)


def moved(page, parent_before):
    """A page that moved below another moves in every language, where its new parent exists there."""
    page = Page.objects.get(pk=page.pk)
    parent = page.get_parent()
    former = _restriction_of(parent_before)
    if former is not None:
        uncover(page, former)
    cover(page)
    for translation in translations_of(page) + list(_aliases_elsewhere(page)):
        target = Page.objects.filter(translation_key=parent.translation_key, locale_id=translation.locale_id).first()
        if target is not None and translation.get_parent().pk != target.pk:
            _move(translation, target)


def _move(page, target):
    """Move a page below another, or leave it where it is: the page that it follows has moved already."""
    try:
        with transaction.atomic():
            hold_the_tree()
            _find_free_address(page, target)
            page.move(target, pos="last-child")
    except (ValidationError, InvalidMoveToDescendant):
        logger.exception("Page %s could not follow its source below page %s", page.pk, target.pk)


def _find_free_address(page, target):
    """Give a page that is about to move an address that is free there, in its drafts too.

    Its slug alone changes: the new one may be taken where the page stands now, and moving does the rest.
    """
    slug = find_available_slug(target, page.slug, ignore_page_id=page.pk)
    if slug == page.slug:
        return
    Page.objects.filter(pk=page.pk).update(slug=slug)
    waiting = Q(pk=page.latest_revision_id) | Q(approved_go_live_at__isnull=False)
    for draft in Revision.objects.for_instance(page).filter(waiting):
        if draft.content["slug"] == page.slug:
            draft.content["slug"] = slug
            draft.save(update_fields=["content"])


def _aliases_elsewhere(page):
    return Page.objects.filter(alias_of=page.pk).exclude(locale_id=page.locale_id)


def deleted(page):
    """Aliases of a page in other languages go with it: they would go on as pages of their own.

    One that has translations below it stays for them, withdrawn.
    """
    for alias in _aliases_elsewhere(page):
        if alias.get_descendants().filter(alias_of=None).exists():
            alias.specific.unpublish()
        else:
            alias.delete()


def restricted(page):
    """Who may read a page may read its translations, and nobody else."""
    wanted = page.view_restrictions.first()
    for translation in translations_of(page):
        if wanted is None:
            translation.view_restrictions.all().delete()
        else:
            _restrict(translation, wanted)
    cover(page)


def restrict_as(source, translation):
    """Restrict a translation as its source is, by itself or by a section; what is private already is never opened."""
    wanted = _restriction_of(source)
    if wanted is not None and (wanted.page_id == source.pk or _restriction_of(translation) is None):
        _restrict(translation, wanted)


def _restriction_of(page):
    """Return the nearest restriction of a page: its own, else that of a section it stands in, else None."""
    return Page.get_view_restrictions(page).order_by("-page__depth").first()


def _restrict(page, wanted):
    own = page.view_restrictions.first() or PageViewRestriction(page=page)
    if own.pk is None or not _is_alike(own, wanted):
        own.restriction_type, own.password = wanted.restriction_type, wanted.password
        own.save()
    own.groups.set(wanted.groups.all())


def _is_alike(one, other):
    return (one.restriction_type, one.password) == (other.restriction_type, other.password)


def cover(page):
    """Restrict the translations of what stands in a private section, in languages that lack the section itself."""
    wanted = _restriction_of(page)
    if wanted is None:
        return
    for translation in _without_section(page, wanted.page):
        if _restriction_of(translation) is None:
            _restrict(translation, wanted)


def uncover(page, former):
    """Open the translations that were restricted as a section (``cover``) that does not restrict their source now.

    Args:
        page: the page that was opened, or that left the section.
        former: the section's restriction, deleted or not.
    """
    covered = PageViewRestriction.objects.filter(page__in=_without_section(page, former.page))
    for own in covered.select_related("page"):
        source = Page.objects.get(path__startswith=page.path, translation_key=own.page.translation_key)
        if _is_alike(own, former) and _restriction_of(source) is None:
            own.delete()


def _without_section(page, section):
    """Return the other versions of a page and what is below it, in the languages that a section does not exist in."""
    there = Page.objects.filter(translation_key=section.translation_key).values("locale_id")
    keys = Page.objects.filter(path__startswith=page.path).values("translation_key")
    return Page.objects.filter(translation_key__in=keys).exclude(locale_id__in=there)


def facts_changed(page):
    """Bring the facts of what was published into its translations: live ones at once, and what waits as a draft."""
    for translation in translations_of(page):
        target = getattr(translation, "specific", translation)
        if copy_facts(page, target) and target.live:
            # A fault in the translation's own words is no reason to refuse the source.
            target.save(**({"clean": False} if isinstance(target, Page) else {}))
        latest = target.latest_revision_id if target.has_unpublished_changes or not target.live else None
        waiting = Q(pk=latest) | Q(approved_go_live_at__isnull=False)
        for draft in Revision.objects.for_instance(target).filter(waiting):
            content = draft.as_object()
            if copy_facts(page, content):
                draft.content = content.serializable_data()
                draft.save(update_fields=["content"])
        if translation_of(target) is not None:
            moment = timezone.now() if page.live else page.go_live_at
            Revision.objects.for_instance(target).filter(approved_go_live_at__isnull=False).update(
                approved_go_live_at=moment
            )


def held_back(revision):
    """Hold a translation that is due while its source is not live, until the source is due, else for good.

    Args:
        revision: of a page or snippet, due to go live.

    Returns:
        whether it must not go live now.
    """
    translation = translation_of(revision.content_object)
    source = original_of(translation) if translation is not None else None
    if source is None or source.live:
        return False
    revision.approved_go_live_at = source.scheduled_revision and source.scheduled_revision.approved_go_live_at
    revision.save(update_fields=["approved_go_live_at"])
    return True


def copy_schedule(source, target):
    """Copy when the source goes live and expires.

    A translation that is not made in the translators' editor can have a date of its own to go live.

    Returns:
        whether anything was different.
    """
    names = ["expire_at"] if translation_of(target) is None else ["go_live_at", "expire_at"]
    before = [getattr(target, name) for name in names]
    for name in names:
        setattr(target, name, getattr(source, name))
    return before != [getattr(target, name) for name in names]


def copy_facts(source, target):
    """Copy the schedule, the synchronised fields that the translation does not override, and lists of nothing else.

    Facts that are shown with words wait for these (``facts_with_words`` of the model).

    Returns:
        whether anything was different.
    """
    overridden = set(
        SegmentOverride.objects.filter(
            context__object_id=target.translation_key, locale_id=target.locale_id
        ).values_list("context__path", flat=True)
    )
    left_alone = NOT_FACTS | overridden | _waiting_facts(source, target)
    changed = copy_schedule(source, target)
    for item in get_translatable_fields(type(source)):
        field = item.get_field(type(source))
        if isinstance(item, SynchronizedField) and item.field_name not in left_alone:
            value = getattr(source, field.attname)
            if getattr(target, field.attname) != value:
                setattr(target, field.attname, value)
                changed = True
        elif isinstance(field, models.ManyToOneRel) and _holds_facts_only(item, field):
            changed |= _copy_list(source, target, field)
    return changed


def _waiting_facts(source, target):
    """Return the names of the facts that wait for the translation of their words; what is taken away never waits."""
    waiting = set()
    for facts, words in getattr(source, "facts_with_words", ()):
        if getattr(source, facts[0]) and is_outdated(target) and not _says_the_same(source, target, words):
            waiting.update(facts)
    return waiting


def _says_the_same(source, target, names):
    """Return whether fields of plain text hold the translation of what the source says in them."""
    texts = StringTranslation.objects.filter(
        context__object_id=target.translation_key, context__path__in=names, locale=target.locale_id, has_error=False
    ).values_list("context__path", "translation_of__data", "data")
    known = {(path, *(StringValue(text).render_text() for text in pair)) for path, *pair in texts}
    said = [(name, getattr(source, name), getattr(target, name)) for name in names]
    return all(item[1] == item[2] or item in known for item in said)


def _holds_facts_only(item, field):
    is_list = isinstance(item, TranslatableField)
    return is_list and all(isinstance(part, SynchronizedField) for part in get_translatable_fields(field.related_model))


def _copy_list(source, target, field):
    names = [part.get_field(field.related_model).attname for part in get_translatable_fields(field.related_model)]
    mine, theirs = (
        [[getattr(row, name) for name in names] for row in getattr(page, field.name).all()] for page in (target, source)
    )
    if mine == theirs:
        return False
    stored = field.related_model.objects.filter(**{field.field.name: target.pk})
    keys = dict(stored.values_list("translation_key", "pk"))
    for rows in source.copy_child_relation(field.name, target).values():
        for row in rows if isinstance(rows, list) else [rows]:
            row.pk, row.locale_id = keys.get(row.translation_key), target.locale_id
    return True
