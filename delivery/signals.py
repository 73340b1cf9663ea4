"""What moves the content generation: every saved model, but those that no reader can see."""

from django.apps import apps
from django.db import connections
from django.db.models.signals import post_delete, post_migrate, post_save
from wagtail.models import COMMENTS_RELATION_NAME, Page
from wagtail.signals import page_unpublished, post_page_move

from delivery import generation

UNSEEN_APPS = {
    "admin",
    "auth",
    "contenttypes",
    "django_tasks_database",
    "messages",
    "migrations",
    "sessions",
    "wagtail_localize",
    "wagtailadmin",
    "wagtailsearch",
    "wagtailusers",
}
SEEN_CORE_MODELS = {"page", "site", "locale", "pageviewrestriction", "collection", "collectionviewrestriction"}
DRAFT_FIELDS = {
    COMMENTS_RELATION_NAME,
    "draft_title",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_id",
    "latest_revision_created_at",
}


def is_seen_by_readers(model):
    """Return whether a change of this model can change what a reader sees."""
    meta = model._meta
    if meta.apps is not apps:
        # A model of a migration: the end of the migrations moves the generation once.
        return False
    if meta.app_label == "wagtailcore":
        return meta.model_name in SEEN_CORE_MODELS
    return meta.app_label not in UNSEEN_APPS and getattr(model, "seen_by_readers", True)


def is_draft_only(instance, update_fields):
    """Return whether a save touched nothing but an unpublished draft (Wagtail saves one at every pause in typing)."""
    return update_fields is not None and set(update_fields) <= DRAFT_FIELDS


def is_unseen_page(instance):
    """Return whether this is a page that is not live and has none below it: the save of a new draft.

    Wagtail saves such a page whole at every pause in typing.
    """
    return isinstance(instance, Page) and not instance.live and not instance.numchild


def began_with(model, origin):
    """Return whether a deletion began with rows of this model, and not with something that they belong to.

    Args:
        model: the model.
        origin: what Django's ``post_delete`` says of the deletion: an instance or a queryset.
    """
    return getattr(origin, "model", type(origin)) is model


def saved(sender, instance, update_fields=None, raw=False, **kwargs):
    if raw or not is_seen_by_readers(sender):
        return
    if not is_draft_only(instance, update_fields) and not is_unseen_page(instance):
        generation.bump()


def deleted(sender, instance, **kwargs):
    if is_seen_by_readers(sender):
        generation.bump()


def moved(sender, **kwargs):
    """A page moved or unpublished."""
    generation.bump()


def migrated(sender, using, **kwargs):
    from delivery import due, indexes

    tables = connections[using].introspection.table_names()
    # Where only some apps are migrated, the others may have no tables yet.
    if {model._meta.db_table for model in due.scheduled_models()} <= set(tables):
        indexes.create(using)
        generation.bump()


def connect():
    post_save.connect(saved, dispatch_uid="generation-save")
    post_delete.connect(deleted, dispatch_uid="generation-delete")
    post_page_move.connect(moved, dispatch_uid="generation-move")
    page_unpublished.connect(moved, dispatch_uid="generation-unpublish")
    post_migrate.connect(migrated, sender=apps.get_app_config("delivery"), dispatch_uid="generation-migrate")
