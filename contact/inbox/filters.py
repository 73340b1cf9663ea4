"""What the list of enquiries can be narrowed down to."""

import json

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from contact.inbox.permissions import name_of, people
from contact.models import Department, Enquiry, ThreadEntry
from delivery.sites import language_name

ME, NOBODY = "me", "nobody"
WRITTEN = (ThreadEntry.Kind.REPLY, ThreadEntry.Kind.ANSWER, ThreadEntry.Kind.NOTE)


def languages():
    return [(code, language_name(code)) for code, _name in settings.LANGUAGES]


def departments(request):
    return Department.objects.all()


class EnquiryFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        field_name="standing",
        label=_("State"),
        choices=Enquiry.State.choices,
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department"),
        queryset=departments,
        empty_label=_("All"),
        null_label=_("None"),
        widget=forms.RadioSelect,
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=languages, empty_label=_("All"), widget=forms.RadioSelect
    )
    assigned_to = django_filters.ChoiceFilter(
        label=_("Assigned to"), method="filter_assigned", empty_label=_("All"), widget=forms.RadioSelect
    )
    received_on = django_filters.DateFromToRangeFilter(label=_("Received"), widget=DateRangePickerWidget)

    class Meta:
        model = Enquiry
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = [(str(person.pk), name_of(person)) for person in people() if person != self.request.user]
        choices = [(ME, _("Me")), (NOBODY, _("Nobody")), *colleagues]
        self.filters["assigned_to"].extra["choices"] = choices

    def filter_assigned(self, queryset, name, value):
        if value == NOBODY:
            is_left = Q(state=Enquiry.State.ASSIGNED, standing=Enquiry.State.NEW)
            return queryset.filter(Q(assigned_to=None) | is_left)
        return queryset.filter(assigned_to=self.request.user.pk if value == ME else value)


def search(queryset, words):
    """Return the enquiries that hold some words.

    Args:
        queryset: of enquiries.
        words: what is looked for, anywhere in a word, without regard to capitals.
    """
    found = Q(pk__in=ThreadEntry.objects.filter(kind__in=WRITTEN, text__icontains=words).values("enquiry"))
    for field in ("reference", "name", "email", "message"):
        found |= Q(**{f"{field}__icontains": words})
    # SQLite keeps the answers with escapes in place of letters outside ASCII, PostgreSQL with the letters.
    for is_ascii in (True, False):
        found |= Q(answers_text__icontains=json.dumps(words, ensure_ascii=is_ascii)[1:-1])
    return queryset.alias(answers_text=Cast("answers", TextField())).filter(found)
