"""Who may do what: groups, their permissions on every language's tree, and the approval workflow."""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import get_language_info
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

SNIPPETS = ("topic", "author", "articlekind", "furniture")
SEARCH = ("promotedresult", "synonymgroup")
NEWSLETTER = ("issue", "digest")
AUTHORS, EDITORS = "Authors", "Editors"
WORKFLOW = "Approval by an editor"


def translators(language):
    """Return the name of the translators' group of a language; a form that Django has no name for adds its code."""
    info = get_language_info(language)
    form = "" if info["code"] == language else f" ({language})"
    return f"Translators: {info['name_local']}{form}"


@transaction.atomic
def ensure():
    """Make the groups and the workflow where they are missing; what people changed in them since is kept."""
    root = Page.get_first_root_node()
    if not _are_made():
        # A new database holds Wagtail's own groups: theirs go, ours come, once. Later ones of these names are people's.
        _clear_wagtail_defaults()
    front = Site.objects.get(is_default_site=True).root_page
    homes = {home.locale.language_code: home for home in front.get_translations().select_related("locale")}
    _ensure_group(AUTHORS, root, ("add_page", "change_page"), ())
    _ensure_group(
        EDITORS, root, ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"), _editor_rights()
    )
    for language, _name in settings.LANGUAGES[1:]:
        if language in homes:
            rights = [f"{action}_{name}" for name in SNIPPETS for action in ("change", "publish")]
            rights += ["submit_translation", *_search_rights()]
            _ensure_group(translators(language), homes[language], ("add_page", "change_page", "publish_page"), rights)
    if not Workflow.objects.exists():
        _make_workflow(root)


def _are_made():
    named = {AUTHORS, *(translators(language) for language, _name in settings.LANGUAGES[1:])}
    return Group.objects.filter(name__in=named).exists()


def _search_rights():
    return [f"{action}_{name}" for name in SEARCH for action in ("add", "change", "delete")]


def _editor_rights():
    return [
        *(f"{action}_{name}" for name in SNIPPETS for action in ("add", "change", "delete", "publish")),
        *_search_rights(),
        "view_searchcount",
        "change_enquiry",
        "view_enquiry",
        *(f"{action}_department" for action in ("add", "change", "delete")),
        *(f"{action}_{name}" for name in NEWSLETTER for action in ("add", "change", "delete", "view")),
        "view_subscriber",
        "change_subscriber",
        "add_redirect",
        "change_redirect",
        "delete_redirect",
        "change_robots",
        "submit_translation",
    ]


def _clear_wagtail_defaults():
    Workflow.objects.all().delete()
    GroupApprovalTask.objects.all().delete()
    Group.objects.filter(name__in=("Moderators", "Editors")).delete()


def _make_workflow(root):
    task = GroupApprovalTask.objects.create(name=WORKFLOW)
    task.groups.add(Group.objects.get(name=EDITORS))
    workflow = Workflow.objects.create(name=WORKFLOW)
    # Through the models: the workflow's own managers keep what they create in memory until the workflow is saved.
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=root)


def _ensure_group(name, page, page_rights, rights):
    group, is_new = Group.objects.get_or_create(name=name)
    if not is_new:
        return
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    group.permissions.add(*Permission.objects.filter(codename__in=rights))
    for codename in page_rights:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
    files = Permission.objects.filter(
        content_type__app_label="core",
        codename__in=[f"{action}_{model}" for action in ("add", "change", "choose") for model in ("image", "document")],
    )
    for permission in files:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
