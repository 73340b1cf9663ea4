"""The search in the admin: promoted results and synonyms of each language, and the report of what readers look for."""

from django.contrib.auth.models import Permission
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.models import Locale
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSetGroup

from core.rights import LanguagePermissionPolicy, languages_of
from core.snippets import LanguageViewSet
from search.models import PromotedResult, SynonymGroup
from search.views.report import PERMISSION, SearchReport

for model in (PromotedResult, SynonymGroup):
    register_permission_policy(model, LanguagePermissionPolicy(model))


class LanguageForm(WagtailAdminModelForm):
    """A form whose language is one that the person works in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["locale"].queryset = Locale.objects.filter(pk__in=languages_of(self.for_user))


class FilledInView(CreateView):
    """A new form with what the address names filled in: the report leads here."""

    filled_in = ()

    def get_initial_form_instance(self):
        code = self.request.GET.get("locale")
        locale = next((locale for locale in Locale.objects.all() if locale.language_code == code), None)
        return self.model(locale=locale or Locale.get_default())

    def get_initial(self):
        words = self.request.GET.get("words", "")[:200].replace("\0", "")
        return super().get_initial() | dict.fromkeys(self.filled_in, words)


class AddPromotedResult(FilledInView):
    filled_in = ("queries",)


class AddSynonyms(FilledInView):
    filled_in = ("words",)


class PromotedResultViewSet(LanguageViewSet):
    model = PromotedResult
    icon = "pick"
    menu_label = _("Promoted results")
    add_view_class = AddPromotedResult
    list_display = ["__str__", "locale", "target", "position"]
    list_filter = ["locale"]
    search_fields = ["queries", "title", "page__title", "document__title", "url"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("locale"),
            FieldPanel("queries"),
            MultiFieldPanel(
                [FieldPanel("page"), FieldPanel("document"), FieldPanel("url")],
                heading=_("What is shown: one of these"),
            ),
            FieldPanel("title"),
            FieldPanel("description"),
            FieldPanel("position"),
        ],
        base_form_class=LanguageForm,
    )


class SynonymViewSet(LanguageViewSet):
    model = SynonymGroup
    icon = "copy"
    menu_label = _("Synonyms")
    add_view_class = AddSynonyms
    list_display = ["words", "locale"]
    list_filter = ["locale"]
    search_fields = ["words"]
    copy_view_enabled = False
    edit_handler = ObjectList([FieldPanel("locale"), FieldPanel("words")], base_form_class=LanguageForm)


class SearchGroup(SnippetViewSetGroup):
    items = [PromotedResultViewSet, SynonymViewSet]
    menu_label = _("Readers’ search")
    menu_icon = "glasses"
    menu_order = 215


register_snippet(SearchGroup)


@hooks.register("register_admin_urls")
def register_report():
    return [path("reports/searches/", SearchReport.as_view(), name="search_report")]


@hooks.register("register_permissions")
def report_permission():
    return Permission.objects.filter(content_type__app_label="search", codename="view_searchcount")


class ReportMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISSION)


@hooks.register("register_reports_menu_item")
def report_menu_item():
    return ReportMenuItem(
        _("Searches by readers"), reverse("search_report"), name="searches", icon_name="search", order=1000
    )
