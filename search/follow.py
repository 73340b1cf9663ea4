"""What makes the index follow a change: in its transaction, or by a task where many pages are concerned.

What readers must no longer find is hidden in the transaction always.
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Cast
from django.db.models.signals import post_delete, post_save, pre_delete
from django_tasks import task
from wagtail.models import Page, PageViewRestriction, ReferenceIndex, TranslatableMixin
from wagtail.search.index import get_indexed_instance, get_indexed_models
from wagtail.signals import post_page_move

from delivery.signals import began_with, is_draft_only
from search import indexing
from search.models import Entry
from search.spelling import AFTER_MAIL

BACKEND = "search.backend"
PAGES_AT_ONCE = 20
PAGES_A_TASK = 500


def is_ours():
    """Return whether Wagtail's search stands on this index."""
    return settings.WAGTAILSEARCH_BACKENDS["default"]["BACKEND"] == BACKEND


def saved(sender, instance, update_fields=None, raw=False, **kwargs):
    if not raw and not is_draft_only(instance, update_fields):
        indexing.refresh([found] if (found := _indexed(instance)) else [])


def _indexed(instance):
    """Return what is indexed of something saved, or None; of a plain page, its own type."""
    if type(instance) is Page:
        instance = instance.specific
    return get_indexed_instance(instance, check_exists=False)


def deleted(sender, instance, **kwargs):
    indexing.remove(sender, [instance.pk])


def word_saved(sender, instance, update_fields=None, raw=False, **kwargs):
    """A topic was renamed, say: the pages that show its name have other words."""
    if not raw and not is_draft_only(instance, update_fields):
        targets = _versions(instance)
        transaction.on_commit(lambda: refresh_users.enqueue(targets))


def word_deleted(sender, instance, **kwargs):
    # Now: the references go with it.
    ids = _users(_versions(instance))
    transaction.on_commit(lambda: _refresh_later(ids))


def _versions(item):
    """Return [content type id, primary key] of a snippet in each of its languages."""
    kind = ContentType.objects.get_for_model(item).pk
    return [[kind, pk] for pk in item.get_translations(inclusive=True).values_list("pk", flat=True)]


def _users(targets):
    """Return the ids of the pages that refer to any of some things, given as ``_versions`` does."""
    wanted = Q()
    for kind, pk in targets:
        wanted |= Q(to_content_type=kind, to_object_id=str(pk))
    users = ReferenceIndex.objects.filter(wanted, base_content_type=ContentType.objects.get_for_model(Page))
    return sorted({int(pk) for pk in users.values_list("object_id", flat=True)}) if targets else []


def _refresh_later(page_ids):
    """Queue pages in portions, behind mail: a topic may have half the archive."""
    for start in range(0, len(page_ids), PAGES_A_TASK):
        refresh_pages.using(priority=AFTER_MAIL).enqueue(page_ids[start : start + PAGES_A_TASK])


@task(priority=AFTER_MAIL)
def refresh_users(targets):
    """Bring the pages that refer to some things up to date (background task).

    Args:
        targets: [content type id, primary key] of each.
    """
    _refresh_later(_users(targets))


def moved(sender, instance, **kwargs):
    _follow_privacy(instance)


def restricted(sender, instance, raw=False, **kwargs):
    if not raw:
        _follow_privacy(instance.page)


def restriction_lifted(sender, instance, origin=None, **kwargs):
    if began_with(PageViewRestriction, origin):
        _follow_privacy(instance.page)


def _follow_privacy(page):
    """Hide a section at once; what of it readers may find is found by the task."""
    # Wagtail's own look, not the page's remembered one: this runs before the generation moves.
    if Page.get_view_restrictions(page).exists():
        indexing.hide(_entries_below(page.path))
    transaction.on_commit(lambda: refresh_section.enqueue(page.pk))


def _entries_below(path):
    below = Page.objects.filter(path__startswith=path).values(text=Cast("pk", Entry._meta.get_field("object_id")))
    return Entry.objects.filter(content_type=indexing.type_of(Page), object_id__in=below)


@task()
def refresh_section(page_id):
    """Bring all pages at and below one up to date (background task)."""
    path = Page.objects.filter(pk=page_id).values_list("path", flat=True).first()
    if path:
        _refresh_later(list(Page.objects.filter(path__startswith=path).values_list("pk", flat=True)))


@task()
def refresh_pages(page_ids):
    """Bring pages up to date, a few in each transaction (background task).

    Args:
        page_ids: the ids of pages; those that are gone are left out.
    """
    for start in range(0, len(page_ids), PAGES_AT_ONCE):
        indexing.refresh_stored(Page, page_ids[start : start + PAGES_AT_ONCE])


def connect():
    """Follow every indexed model, in place of Wagtail's own signals: they work in tasks, at every autosave."""
    for model in get_indexed_models():
        if is_ours():
            # Read when the app of Wagtail's search is made ready, which comes after ours.
            model.search_auto_update = False
        post_save.connect(saved, sender=model, dispatch_uid="search-save")
        post_delete.connect(deleted, sender=model, dispatch_uid="search-delete")
        if issubclass(model, TranslatableMixin) and not issubclass(model, Page):
            post_save.connect(word_saved, sender=model, dispatch_uid="search-word-save")
            pre_delete.connect(word_deleted, sender=model, dispatch_uid="search-word-delete")
    post_page_move.connect(moved, dispatch_uid="search-move")
    post_save.connect(restricted, sender=PageViewRestriction, dispatch_uid="search-restrict")
    post_delete.connect(restriction_lifted, sender=PageViewRestriction, dispatch_uid="search-lift")
