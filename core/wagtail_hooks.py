"""The admin in Portal's colours, bulk-resolved links, the snippets that stand around every page."""

import secrets

from django.contrib.auth.models import Permission
from django.shortcuts import redirect
from django.template.defaultfilters import yesno
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.snippets.models import register_snippet

from core import invitations, readiness
from core.links import ReferencedDocumentLink, ReferencedPageLink
from core.models import Furniture
from core.personal_data import PERMISSION, PersonalDataView
from core.snippets import LanguageViewSet


@hooks.register("register_rich_text_features", order=200)
def resolve_links_in_bulk(features):
    features.register_link_type(ReferencedPageLink)
    features.register_link_type(ReferencedDocumentLink)
    # A picture inside rich text keeps the alternative text of the source language: pictures are blocks.
    for feature in ("image", "embed"):
        if feature in features.default_features:
            features.default_features.remove(feature)


@hooks.register("insert_global_admin_css")
def admin_colours():
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin.css"))


@hooks.register("after_create_user")
def invite(request, user):
    """A new person without a password gets a mail with a link to choose one."""
    if not user.password:
        # One that nobody knows: who has an unusable one is never sent another link, and this one ends.
        user.set_password(secrets.token_urlsafe())
        user.save()
        invitations.send(user)


@hooks.register("before_bulk_action")
def publish_nothing_unfinished(request, action_type, objects, action_class_instance):
    """Autosave keeps drafts that lack what readers need; of several pages, all are published or none."""
    if action_type != "publish":
        return None
    pages = list(objects)
    if request.POST.get("include_descendants"):
        pages += [draft for page in objects for draft in page.get_descendants().not_live()]
    words = readiness.refuse(pages) or readiness.refuse_aliases(objects)
    if not words:
        return None
    messages.error(request, words)
    return redirect(get_valid_next_url_from_request(request) or "wagtailadmin_home")


@hooks.register("after_copy_page")
def copies_have_dates_of_their_own(request, page, new_page):
    """Nobody sees that the date of the original is filled in already; those of an alias are its source's."""
    drafts = new_page.get_descendants(inclusive=True).filter(live=False, alias_of=None)
    for draft in drafts.specific():
        draft.forget_dates()


class FurnitureViewSet(LanguageViewSet):
    model = Furniture
    icon = "cogs"
    menu_label = _("Site furniture")
    menu_order = 800
    add_to_settings_menu = True
    list_display = [
        "organisation_name",
        "locale",
        LiveStatusTagColumn(label=_("State")),
        Column(
            "notice_is_on", label=_("Notice"), accessor=lambda row: yesno(row.notice_is_on), sort_key="notice_is_on"
        ),
    ]


register_snippet(FurnitureViewSet)


@hooks.register("register_admin_urls")
def personal_data_address():
    return [path("personal-data/", PersonalDataView.as_view(), name="personal_data")]


@hooks.register("register_permissions")
def personal_data_permission():
    return Permission.objects.filter(content_type__app_label="core", codename="manage_personal_data")


class PersonalDataMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISSION)


@hooks.register("register_settings_menu_item")
def personal_data_menu_item():
    return PersonalDataMenuItem(
        _("Personal data"), reverse("personal_data"), name="personal-data", icon_name="user", order=850
    )
