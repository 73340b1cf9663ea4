"""The list of enquiries: of all languages, by state, with what can be done with several at once."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Left
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import IndexView

from contact.inbox import changes
from contact.inbox.exports import EnquiryExport
from contact.inbox.filters import EnquiryFilterSet, search
from contact.inbox.permissions import may, name_of, people, visible
from contact.models import Enquiry
from delivery.sites import language_name

LONGEST_BEGINNING = 160
State = Enquiry.State
ROWS_ON_A_PAGE = 50
LONGEST_NUMBER = 18
ON_SEVERAL = {
    "close": (_("Mark as answered"), changes.close),
    "hold": (_("Spam"), changes.hold),
    "rescue": (_("Not spam"), changes.rescue),
}


def is_number(text):
    """Return whether a text is a number that a primary key can be."""
    return text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER


class SelectColumn(Column):
    cell_template_name = "contact/admin/select_cell.html"


class SenderColumn(Column):
    cell_template_name = "contact/admin/sender_cell.html"


class WordsColumn(Column):
    cell_template_name = "contact/admin/words_cell.html"


class EnquiryIndexView(EnquiryExport, IndexView):
    """The list, its results alone, and its files."""

    model = Enquiry
    page_title = _("Enquiries")
    header_icon = "comment"
    index_url_name = "enquiry_inbox:index"
    index_results_url_name = "enquiry_inbox:results"
    results_template_name = "contact/admin/list_results.html"
    any_permission_required = ["view", "change", "delete"]
    filterset_class = EnquiryFilterSet
    is_searchable = True
    paginate_by = ROWS_ON_A_PAGE
    default_ordering = "-received_on"

    def get(self, request, *args, **kwargs):
        if not request.GET and not self.results_only:
            # Who opens the inbox wants what is new; every other choice stands in the address.
            return redirect(f"{self.index_url}?state={State.NEW}")
        return super().get(request, *args, **kwargs)

    @cached_property
    def columns(self):
        select = [SelectColumn("select", label=_("Select"))] if may(self.request.user, "change") else []
        return [
            *select,
            TitleColumn(
                "reference",
                label=_("Reference"),
                sort_key="reference",
                url_name="enquiry_inbox:show",
                classname="inbox-reference",
            ),
            Column("received_on", label=_("Received"), sort_key="received_on"),
            SenderColumn("sender", label=_("From"), sort_key="email"),
            WordsColumn("beginning", label=_("Message")),
            Column("department", label=_("Department"), sort_key="department__name"),
            Column(
                "language", label=_("Language"), sort_key="language", accessor=lambda row: language_name(row.language)
            ),
            Column("state", label=_("State"), sort_key="standing", accessor=lambda row: State(row.standing).label),
            Column(
                "assigned_to",
                label=_("Assigned to"),
                sort_key="assigned_to__username",
                accessor=lambda row: name_of(row.assigned_to) if row.assigned_to else "",
            ),
        ]

    def get_base_queryset(self):
        return visible(self.request.user)

    def get_queryset(self):
        rows = super().get_queryset()
        if self.is_export:
            return rows
        rows = rows.annotate(beginning=Left("message", LONGEST_BEGINNING))
        return rows.defer("message", "answers", "consent_text").select_related("department", "assigned_to")

    def order_queryset(self, queryset):
        # Many have the same state or language: the newest of them comes first, and pages do not overlap.
        return queryset.order_by(self.ordering, "-received_on", "-pk")

    def search_queryset(self, queryset):
        return search(queryset, self.search_query) if self.is_searching else queryset

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "tabs": self.tabs(),
            "can_change": may(self.request.user, "change"),
            "on_several": [(name, label) for name, (label, _do) in ON_SEVERAL.items()],
            "people": [(person.pk, name_of(person)) for person in people()],
        }

    def tabs(self):
        """Return the states as links that keep the other choices, each with the number of all its enquiries."""
        numbers = dict(self.get_base_queryset().order_by().values_list("standing").annotate(Count("pk")))
        chosen = self.request.GET.copy()
        for name in ("p", "_w_filter_fragment", "export"):
            chosen.pop(name, None)
        tabs = []
        for state, label in [*State.choices, ("", _("All"))]:
            chosen["state"] = state
            number = numbers.get(state, 0) if state else sum(numbers.values())
            is_current = self.request.GET.get("state", "") == state
            url = f"{self.index_url}?{chosen.urlencode()}"
            tabs.append({"label": label, "number": number, "url": url, "is_current": is_current})
        return tabs


class SeveralView(View):
    """Do the same with several enquiries of the list."""

    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request):
        if not may(request.user, "change"):
            raise PermissionDenied
        numbers = [pk for pk in request.POST.getlist("enquiry") if is_number(pk)][:ROWS_ON_A_PAGE]
        rows = visible(request.user).select_for_update().filter(pk__in=numbers)
        do = self.chosen(request.POST.get("action", ""))
        if do is None:
            return HttpResponseBadRequest()
        number = sum(bool(do(row)) for row in rows)
        words = ngettext("%(number)d enquiry was changed.", "%(number)d enquiries were changed.", number)
        messages.success(request, words % {"number": number})
        return redirect(get_valid_next_url_from_request(request) or reverse("enquiry_inbox:index"))

    def chosen(self, name):
        """Return a function that takes an enquiry, or None for a name that is not on the list."""
        user = self.request.user
        if name in ON_SEVERAL:
            change = ON_SEVERAL[name][1]
            return lambda row: change(row, user)
        action, _colon, number = name.partition(":")
        if action != "assign":
            return None
        person = people().filter(pk=number).first() if is_number(number) else None
        if person is None:
            return None
        return lambda row: people(row.department).filter(pk=person.pk).exists() and changes.assign(row, user, person)
