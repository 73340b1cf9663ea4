"""Readers' messages in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from contact.models import Enquiry
from core.spreadsheets import plain


class EnquiryIndexView(IndexView):
    custom_field_preprocess = {name: {"csv": plain, "xlsx": plain} for name in ("name", "email", "message")}


class EnquiryViewSet(ModelViewSet):
    model = Enquiry
    index_view_class = EnquiryIndexView
    icon = "mail"
    menu_label = _("Enquiries")
    menu_order = 230
    add_to_admin_menu = True
    list_display = ["reference", "received_on", "email", "language", "state"]
    list_filter = ["state", "language"]
    list_export = ["reference", "received_on", "name", "email", "message", "language", "state"]
    search_fields = ["reference", "name", "email", "message"]
    inspect_view_enabled = True
    panels = [
        FieldPanel("state"),
        *(
            FieldPanel(name, read_only=True)
            for name in ("reference", "received_on", "name", "email", "message", "language", "page")
        ),
    ]


@hooks.register("register_admin_viewset")
def register_enquiries():
    return EnquiryViewSet("enquiries")
