"""The report in the admin of what readers search for, what finds nothing and what is followed."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.db.models import F, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.reports import ReportView

from search.chart import chart
from search.models import SearchCount

PERMISSION = "search.view_searchcount"
MOST, EMPTY, UNFOLLOWED = "most", "empty", "unfollowed"
LISTS = ((MOST, _("Most searched")), (EMPTY, _("Found nothing")), (UNFOLLOWED, _("Never followed")))
PERIODS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("365 days")))
USUAL = {"language": settings.LANGUAGE_CODE, "days": 30, "list": MOST}


class ChoiceForm(forms.Form):
    """What the report is about."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    days = forms.TypedChoiceField(label=_("Period"), choices=PERIODS, coerce=int)
    list = forms.ChoiceField(choices=LISTS, widget=forms.HiddenInput)


def click_rate(row):
    """Return the clicks of a hundred searches, or None."""
    return round(100 * row["clicks"] / row["searches"]) if row["searches"] else None


def mean_rank(row):
    """Return at which place the followed results stood on average, or None."""
    return round(row["ranks"] / row["clicks"], 1) if row["clicks"] else None


class QueryColumn(Column):
    """What was searched for, with what an editor can do about it where it found nothing."""

    cell_template_name = "search/admin/query_cell.html"

    def __init__(self, *args, language, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.language = language
        self.user = user

    def get_cell_context_data(self, instance, parent_context):
        return super().get_cell_context_data(instance, parent_context) | {"remedies": self._remedies(instance)}

    def _remedies(self, row):
        words = urlencode({"locale": self.language, "words": row["query"]})
        ways = (("synonymgroup", _("Add a synonym")), ("promotedresult", _("Promote a page")))
        return [
            {"url": f"{reverse(f'wagtailsnippets_search_{name}:add')}?{words}", "label": label}
            for name, label in ways
            if row["empty"] and self.user.has_perm(f"search.add_{name}")
        ]


class SearchReport(ReportView):
    model = SearchCount
    page_title = _("Searches by readers")
    header_icon = "search"
    index_url_name = "search_report"
    results_template_name = "search/admin/report_results.html"
    permission_required = "view"
    default_ordering = "-searches"
    list_export = ["query", "searches", "empty", "clicks", "click_rate", "mean_rank"]
    export_headings = {
        "query": _("Searched for"),
        "searches": _("Searches"),
        "empty": _("Found nothing"),
        "clicks": _("Clicks"),
        "click_rate": _("Clicks of 100 searches"),
        "mean_rank": _("Mean rank of clicks"),
    }

    @cached_property
    def chosen(self):
        """The language, the number of days and the list that the address names, else the usual."""
        form = ChoiceForm(self.request.GET)
        form.is_valid()
        return USUAL | form.cleaned_data

    @property
    def period(self):
        """All rows of the language and period."""
        since = timezone.localdate() - timedelta(days=self.chosen["days"] - 1)
        return SearchCount.objects.filter(language=self.chosen["language"], day__gte=since)

    @property
    def columns(self):
        headings, language = self.export_headings, self.chosen["language"]
        numbers = [NumberColumn(name, label=headings[name], sort_key=name) for name in ("searches", "empty", "clicks")]
        return [
            QueryColumn("query", label=headings["query"], sort_key="query", language=language, user=self.request.user),
            *numbers,
            Column("click_rate", label=headings["click_rate"], accessor=click_rate),
            Column("mean_rank", label=headings["mean_rank"], accessor=lambda row: number_format(mean_rank(row) or "")),
        ]

    def get_queryset(self):
        rows = self.period.exclude(query="").order_by().values("query")
        rows = rows.annotate(**{name: Sum(name) for name in ("searches", "empty", "clicks", "ranks")})
        if self.chosen["list"] == EMPTY:
            rows = rows.filter(empty__gt=0)
        elif self.chosen["list"] == UNFOLLOWED:
            rows = rows.filter(clicks=0, searches__gt=F("empty"))
        return self.order_queryset(rows)

    def order_queryset(self, queryset):
        order = "-empty" if self.chosen["list"] == EMPTY and not self.is_explicitly_ordered else self.ordering
        return queryset.order_by(order, "query")

    def to_row_dict(self, item):
        return super().to_row_dict(item | {"click_rate": click_rate(item), "mean_rank": mean_rank(item)})

    def get_filename(self):
        return f"searches-{self.chosen['language']}-{timezone.localdate()}"

    def get_context_data(self, **kwargs):
        current = self.chosen["list"]
        addresses = {name: urlencode(self.chosen | {"list": name}) for name, _label in LISTS}
        tabs = [{"label": label, "url": f"?{addresses[name]}", "is_current": name == current} for name, label in LISTS]
        unnamed = self.period.filter(query="").aggregate(searches=Sum("searches"))["searches"] or 0
        return super().get_context_data(**kwargs) | {
            "choice": ChoiceForm(self.chosen),
            "chart": chart(self.period, self.chosen["days"]),
            "tabs": tabs,
            "list_name": dict(LISTS)[current],
            "unnamed": unnamed,
        }
