"""Enquiries and departments in the admin."""

from django import forms
from django.contrib.auth.models import Permission
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.models import register_snippet

from contact.inbox.listing import EnquiryIndexView, SeveralView
from contact.inbox.permissions import may, visible
from contact.inbox.views import RemoveView, ShowView
from contact.models import Department, Enquiry
from core.snippets import RowViewSet


class InboxMenuItem(MenuItem):
    """Says how many enquiries are new; the item is one for all requests, so its label is made for each."""

    def is_shown(self, request):
        return may(request.user, "view", "change", "delete")

    def render_component(self, request):
        component = super().render_component(request)
        number = visible(request.user).filter(standing=Enquiry.State.NEW).count()
        if number:
            component.label = _("Enquiries (%(number)d)") % {"number": number}
        return component


class InboxViewSet(ViewSet):
    url_prefix = "enquiries"
    icon = "comment"
    menu_label = _("Enquiries")
    menu_name = "enquiries"
    menu_order = 230
    menu_item_class = InboxMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self):
        return [
            path("", EnquiryIndexView.as_view(), name="index"),
            path("results/", EnquiryIndexView.as_view(results_only=True), name="results"),
            path("several/", SeveralView.as_view(), name="several"),
            path("<int:pk>/", ShowView.as_view(), name="show"),
            path("<int:pk>/delete/", RemoveView.as_view(), name="delete"),
        ]


@hooks.register("register_admin_viewset")
def register_inbox():
    return InboxViewSet("enquiry_inbox")


@hooks.register("register_permissions")
def enquiry_permissions():
    actions = ("view", "change", "delete")
    return Permission.objects.filter(
        content_type__app_label="contact", codename__in=[f"{action}_enquiry" for action in actions]
    )


class DepartmentViewSet(RowViewSet):
    model = Department
    icon = "group"
    menu_label = _("Departments")
    add_to_settings_menu = True
    list_display = ["name", "recipients"]
    search_fields = ["name", "recipients"]
    copy_view_enabled = False
    panels = [
        FieldPanel("name"),
        FieldPanel("recipients", widget=forms.Textarea(attrs={"rows": 3})),
        FieldPanel("groups", widget=forms.CheckboxSelectMultiple),
    ]


register_snippet(DepartmentViewSet)


@hooks.register("before_delete_snippet")
def keep_closed_enquiries_closed(request, instances):
    """Without its department an enquiry is seen by everybody with the right: it must be moved by a person first."""
    closed = [row.pk for row in instances if isinstance(row, Department) and row.groups.exists()]
    if Enquiry.objects.filter(department__in=closed).exists():
        messages.error(request, _("Move the enquiries of this department to another one first."))
        return redirect(reverse("wagtailsnippets_contact_department:list"))
