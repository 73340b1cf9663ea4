"""House rules as system checks: what STYLE asks of every model is asked by the machine."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Warning, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.fields import get_translatable_fields

PAGE_MACHINERY = {
    "content_type",
    "depth",
    "draft_title",
    "expire_at",
    "expired",
    "first_published_at",
    "go_live_at",
    "has_unpublished_changes",
    "id",
    "last_published_at",
    "latest_revision",
    "latest_revision_created_at",
    "live",
    "live_revision",
    "locale",
    "locked",
    "locked_at",
    "locked_by",
    "numchild",
    "owner",
    "page_ptr",
    "path",
    "sort_order",
    "translation_key",
    "url_path",
    "alias_of",
    "page",
}


def own_models(base):
    """Return the models of the apps in the project's folder that inherit from a class."""
    own = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    return [model for app in own for model in app.get_models() if issubclass(model, base)]


@register("portal")
def every_field_is_decided(app_configs, **kwargs):
    """Every editable field of a translatable model is listed as translated or synchronised."""
    errors = []
    for model in own_models(TranslatableMixin):
        if "translatable_fields" not in {name for cls in model.__mro__ for name in vars(cls)}:
            errors.append(Error(f"{model.__name__} does not say which fields are translated.", id="portal.E001"))
            continue
        decided = {field.field_name for field in get_translatable_fields(model)}
        editable = {
            field.name
            for field in model._meta.get_fields()
            if field.concrete and field.editable and not field.auto_created
        }
        forgotten = editable - decided - PAGE_MACHINERY
        errors += [
            Error(f"{model.__name__}.{name} is neither translated nor synchronised.", id="portal.E002")
            for name in sorted(forgotten)
        ]
    return errors


@register("portal")
def nothing_is_lost_in_translation(app_configs, **kwargs):
    """A plain many-to-many field is silently empty on a translation: orderables with TranslatableMixin are not."""
    return [
        Error(f"{model.__name__}.{field.name} would be empty on translations: use an orderable.", id="portal.E004")
        for model in own_models(TranslatableMixin)
        for field in model._meta.local_many_to_many
    ]


@register("portal")
def every_page_type_has_its_place(app_configs, **kwargs):
    """Every page type says what may stand above and below it."""
    return [
        Error(f"{model.__name__} does not declare {rule}.", id="portal.E003")
        for model in own_models(Page)
        for rule in ("parent_page_types", "subpage_types")
        if rule not in vars(model)
    ]


@register("portal")
def every_page_type_has_its_template(app_configs, **kwargs):
    """Every page type that is shown as Wagtail shows pages, by no ``serve`` of its own, has its template."""
    errors = []
    for model in own_models(Page):
        try:
            if model.serve.__module__.startswith("wagtail."):
                get_template(model.template)
        except TemplateDoesNotExist as error:
            errors.append(Error(f"{model.__name__} has no template: {error} is missing.", id="portal.E005"))
    return errors


@register("portal", deploy=True)
def indexes_are_there(app_configs, databases=None, **kwargs):
    """The indexes on Wagtail's tables exist (a table rebuilt by a migration loses them on SQLite)."""
    from delivery import indexes

    missing = indexes.missing() if databases else []
    return [
        Warning(f"The index {name} is missing.", hint="Run: manage.py migrate", id="portal.W001") for name in missing
    ]
