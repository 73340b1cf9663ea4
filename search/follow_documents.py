"""What makes the entries of documents follow the pages that offer them, their collections and their texts."""

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail import hooks
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction
from wagtail.signals import post_page_move

from core.extraction import document_text_changed
from core.models import Document, Image
from delivery import generation
from delivery.signals import began_with, is_draft_only
from search import documents, indexing

RESTRICTIONS = (PageViewRestriction, CollectionViewRestriction)


def page_to_be_saved(sender, instance, update_fields=None, raw=False, **kwargs):
    """Remember what the page offers readers until now."""
    if raw or not isinstance(instance, Page) or is_draft_only(instance, update_fields):
        return
    instance.was_live = Page.objects.filter(pk=instance.pk, live=True).exists()
    instance.offered_before = documents.offered_by([instance.pk]) if instance.was_live else set()


def page_saved(sender, instance, update_fields=None, raw=False, **kwargs):
    before = vars(instance).pop("offered_before", None)
    if before is None:
        return
    if instance.live and update_fields is None and sender is not Page:
        now = documents.offered_in(instance)
        if before - now:
            documents.forget_references(instance, before - now)
        before |= now
    if before:
        documents.follow_page([instance.pk], before)
    if instance.was_live != instance.live and instance.depth <= 2:
        # A front page decides whether its language exists.
        documents.follow_all()


def page_to_be_deleted(sender, instance, **kwargs):
    documents.follow_page([instance.pk])


def changed(sender, **kwargs):
    documents.follow_all()


def saved(sender, raw=False, created=False, **kwargs):
    if not raw and not (created and sender is Collection):
        documents.follow_all()


def lifted(sender, instance, origin=None, **kwargs):
    if began_with(sender, origin):
        documents.follow_all()


def text_changed(sender, instance, **kwargs):
    indexing.refresh_stored(Document, [instance.pk])


def files_changed(request, action_type, objects, action_class_instance):
    """Bulk actions change collections and tags without a signal."""
    files = [item for item in objects if isinstance(item, Image | Document)]
    if files and action_type in ("add_to_collection", "add_tags"):
        # The search need not find them otherwise, and yet programs are told of them, or no longer (``portal.api``).
        generation.bump()
        indexing.refresh_stored(type(files[0]), [item.pk for item in files])
        documents.follow_all()


def connect():
    pre_save.connect(page_to_be_saved, dispatch_uid="search-documents-before")
    post_save.connect(page_saved, dispatch_uid="search-documents-after")
    pre_delete.connect(page_to_be_deleted, sender=Page, dispatch_uid="search-documents-delete")
    post_page_move.connect(changed, dispatch_uid="search-documents-move")
    post_save.connect(saved, sender=Collection, dispatch_uid="search-documents-collection")
    for model in RESTRICTIONS:
        post_save.connect(saved, sender=model, dispatch_uid="search-documents-restrict")
        post_delete.connect(lifted, sender=model, dispatch_uid="search-documents-lift")
    hooks.register("after_bulk_action", files_changed)
    document_text_changed.connect(text_changed, dispatch_uid="search-documents-text")
