"""Enquiries as a spreadsheet: fixed columns, then one for each field that editors have built."""

from datetime import datetime

from django.conf import settings
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from contact.inbox.permissions import name_of
from contact.models import ContactPage, Enquiry
from core.spreadsheets import plain
from delivery.sites import language_name

ROWS_AT_ONCE = 500
FIXED = {
    "reference": _("Reference"),
    "received": _("Received"),
    "answered": _("Answered"),
    "state": _("State"),
    "department": _("Department"),
    "assigned_to": _("Assigned to"),
    "language": _("Language"),
    "page": _("Sent from"),
    "name": _("Name"),
    "email": _("E-mail address"),
    "message": _("Message"),
    "consent_version": _("Version of the privacy note"),
}


class EnquiryExport:
    """The part of the list that makes a file of what it shows; it stands before Wagtail's index view."""

    show_export_buttons = True
    export_filename = "enquiries"

    def get(self, request, *args, **kwargs):
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        rows = self.get_queryset()
        self.fields = built_fields(rows)
        # The keys of built fields are ids and cannot be names of ours.
        self.list_export = [*FIXED, *self.fields]
        rows = rows.select_related("department", "assigned_to", "page")
        return self.as_spreadsheet(rows.iterator(chunk_size=ROWS_AT_ONCE), request.GET["export"])

    def get_heading(self, queryset, field):
        return plain(capfirst(self.fields.get(field) or FIXED[field]))

    def to_row_dict(self, item):
        answers = {answer["key"]: answer["value"] for answer in item.answers}
        return fixed_values(item) | {key: answers.get(key, "") for key in self.fields}

    def preprocess_field_value(self, field, value, export_format):
        if isinstance(value, datetime):
            moment = localtime(value).replace(microsecond=0)
            return moment.isoformat() if export_format == self.FORMAT_CSV else moment.replace(tzinfo=None)
        return plain(value)


def fixed_values(enquiry):
    """Return the values of the fixed columns."""
    return {
        "reference": enquiry.reference,
        "received": enquiry.received_on,
        "answered": enquiry.answered_on or "",
        "state": Enquiry.State(enquiry.standing).label,
        "department": enquiry.department or "",
        "assigned_to": name_of(enquiry.assigned_to) if enquiry.assigned_to else "",
        "language": language_name(enquiry.language),
        "page": enquiry.page.title if enquiry.page else "",
        "name": enquiry.name,
        "email": enquiry.email,
        "message": enquiry.message,
        "consent_version": enquiry.consent_version,
    }


def built_fields(enquiries):
    """Return {key: heading} of the fields on all contact pages, then of those that only stored answers know.

    The heading is the label on the default language's contact page, else on another's, else the one last seen.

    Args:
        enquiries: a queryset; it is gone through once, a part at a time.
    """
    found = {}
    pages = ContactPage.objects.filter(alias_of=None).select_related("locale").order_by("pk")
    for page in sorted(pages, key=lambda page: page.locale.language_code != settings.LANGUAGE_CODE):
        for block in page.form_fields:
            found.setdefault(block.id, block.value["label"])
    gone = {}
    answers = enquiries.exclude(answers=[]).order_by("received_on", "pk").values_list("answers", flat=True)
    for given in answers.iterator(chunk_size=ROWS_AT_ONCE):
        gone |= {answer["key"]: answer["label"] for answer in given if answer["key"] not in found}
    return found | gone
