"""The translators' desk in the admin, and Portal's rules before wagtail-localize's views of the same addresses."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.pages.utils import get_valid_next_url_from_request
from wagtail.admin.widgets.button import Button

from delivery import sites, translations
from translation import rights
from translation.views import desk, editing, strings, submitting

# Portal's hooks answer first: wagtail-localize registers its own with order 0.
FIRST = -10


@hooks.register("register_admin_urls", order=FIRST)
def register_urls():
    own = [
        path("", desk.show, name="desk"),
        path("submissions/<int:pk>/", submitting.SubmissionView.as_view(), name="submission"),
        path("up-to-date/<slug:app_label>/<slug:model_name>/<int:pk>/", desk.mark_up_to_date, name="up_to_date"),
    ]
    guarded = [
        path("submit/page/<int:page_id>/", submitting.SubmitPage.as_view()),
        path("submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/", submitting.SubmitSnippet.as_view()),
        path("update/<int:translation_source_id>/", submitting.Update.as_view()),
        path("translate/<int:translation_id>/strings/<int:string_segment_id>/edit/", strings.string),
        path("translate/<int:translation_id>/overrides/<int:overridable_segment_id>/edit/", strings.override),
        path("translate/<int:translation_id>/pofile/download/", strings.download),
        path("translate/<int:translation_id>/pofile/upload/", strings.upload),
        path("translate/<int:translation_id>/machine_translate/", strings.by_machine),
        path("translate/<int:translation_id>/preview/", strings.preview),
        path("translate/<int:translation_id>/preview/<str:mode>/", strings.preview),
        path("translate/<int:translation_id>/disable/", strings.stop),
        path("page/<int:page_id>/convert_to_alias/", strings.to_alias),
        path("reports/translations/", lambda request: redirect("translation:desk")),
        path("reports/translations/results/", lambda request: redirect("translation:desk")),
        path("api/snippets/<slug:app_label>/<slug:model_name>/", strings.snippets, {"action": "list"}),
        path("api/snippets/<slug:app_label>/<slug:model_name>/<str:pk>/", strings.snippets, {"action": "retrieve"}),
    ]
    return [path("translation/", include((own, "translation"))), path("localize/", include(guarded))]


class DeskMenuItem(MenuItem):
    def is_shown(self, request):
        return bool(rights.languages_of(request.user))


@hooks.register("register_admin_menu_item")
def desk_menu_item():
    return DeskMenuItem(
        _("Translations"), reverse("translation:desk"), name="translations", icon_name="site", order=205
    )


@hooks.register("construct_reports_menu")
def only_one_report(request, menu_items):
    """The desk says more than wagtail-localize's report."""
    menu_items[:] = [item for item in menu_items if not str(item.url).endswith("/localize/reports/translations/")]


@hooks.register("before_edit_page", order=FIRST)
def edit_page(request, page):
    return editing.open_editor(request, page)


@hooks.register("before_edit_snippet", order=FIRST)
def edit_snippet(request, instance):
    if hasattr(instance, "translation_key"):
        rights.require(rights.may_change(request.user, instance))
        return editing.open_editor(request, instance)
    return None


@hooks.register("before_bulk_action")
def keep_drafts_of_translations(request, action_type, objects, action_class_instance):
    message = editing.refuse_bulk_publishing(request, action_type, objects)
    if message:
        messages.error(request, message)
        return redirect(get_valid_next_url_from_request(request) or "wagtailadmin_home")
    return None


@hooks.register("register_page_listing_buttons")
def outdated_buttons(page, user, next_url=None):
    """Say in the explorer which translations are out of date, at the source and at the translation."""
    editions = sites.editions().values()
    mine = [item for item in editions if translations.outdated(page.translation_key, item.locale_id)]
    if any(item.locale_id == page.locale_id for item in mine):
        yield Button(
            _("Out of date"), reverse("wagtailadmin_pages:edit", args=[page.pk]), icon_name="warning", priority=5
        )
    elif mine:
        names = ", ".join(item.name for item in mine)
        chosen = next((item for item in mine if item.locale_id in rights.languages_of(user)), mine[0])
        source = next((item.language for item in editions if item.locale_id == page.locale_id), "")
        query = urlencode({"from": source, "into": chosen.language, "state": "outdated"})
        address = f"{reverse('translation:desk')}?{query}"
        label = _("Out of date: %(languages)s") % {"languages": names}
        yield Button(label, address, icon_name="warning", priority=5)
