"""The list of issues, and the forms in which they are made and changed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.models import Locale

from core.rights import languages_of
from newsletter import keeping
from newsletter.admin import figures
from newsletter.admin.permissions import allowed, may
from newsletter.models import Issue

OPEN = (Issue.State.DRAFT, Issue.State.SCHEDULED)
IS_SENT = gettext_lazy("This issue has been sent or is being sent. It can no longer be changed.")
ROWS_ON_A_PAGE = 50


def audience(issue):
    """Return in words who an issue is for."""
    words = issue.get_frequency_display() or _("Everybody")
    if issue.topic:
        words = _("%(frequency)s, interested in %(topic)s") % {"frequency": words, "topic": issue.topic.name}
    return words


def moment(issue):
    """Return the time that matters most of an issue: when it was or will be sent, else when it was made."""
    if issue.state == Issue.State.SCHEDULED:
        return issue.send_at
    return issue.finished_on or issue.started_on or issue.created


def first_language(user):
    """Return the default language, or the first other one that a person works in; None if there is none."""
    default = Locale.get_default()
    mine = languages_of(user)
    return default if default.pk in mine else Locale.objects.filter(pk__in=mine).first()


class InLanguages:
    """Shows and takes only rows of the languages that the person works in."""

    def get_queryset(self):
        return allowed(self.model, self.request.user)


class IssueIndexView(IndexView):
    """The list of issues, the newest first."""

    results_template_name = "core/admin/wide_results.html"
    paginate_by = ROWS_ON_A_PAGE
    is_searchable = True
    search_fields = ["subject"]
    list_filter = ["state", "locale"]
    default_ordering = "-created"

    @cached_property
    def columns(self):
        return [
            TitleColumn("subject", label=_("Subject"), sort_key="subject", url_name="newsletter_issue:show"),
            Column("locale", label=_("Language"), sort_key="locale__language_code"),
            Column("state", label=_("State"), sort_key="state", accessor="get_state_display"),
            Column("audience", label=_("For"), accessor=audience),
            Column("moment", label=_("When"), accessor=moment),
            *(Column(f"number_{state}", label=figures.LABELS[state]) for state in figures.IN_LIST),
        ]

    def get_base_queryset(self):
        return figures.with_figures(allowed(Issue, self.request.user)).select_related("locale", "topic")

    def order_queryset(self, queryset):
        return super().order_queryset(queryset).order_by(*queryset.query.order_by or (self.ordering,), "-pk")


class AddIssueView(CreateView):
    """A new issue, in a language that the person works in."""

    def get_initial_form_instance(self):
        return Issue(locale=first_language(self.request.user), created_by=self.request.user)

    def get_success_url(self):
        return reverse("newsletter_issue:show", args=[self.form.instance.pk])


class OpenIssue(InLanguages):
    """Keeps an issue as it is from the moment that it is being sent."""

    @transaction.atomic
    def dispatch(self, request, *args, **kwargs):
        # Locked, so that nobody begins to send it between this question and the change.
        issue = allowed(Issue, request.user).select_for_update().filter(pk=kwargs["pk"]).first()
        if issue is None:
            raise Http404
        if not may(request.user, self.permission_required, issue):
            raise PermissionDenied
        if issue.state not in OPEN:
            messages.error(request, IS_SENT)
            return redirect("newsletter_issue:show", issue.pk)
        return super().dispatch(request, *args, **kwargs)


class EditIssueView(OpenIssue, EditView):
    def get_success_url(self):
        return reverse("newsletter_issue:show", args=[self.object.pk])


class DeleteIssueView(OpenIssue, DeleteView):
    confirmation_message = gettext_lazy("Remove this issue for good?")


class DigestIndexView(IndexView):
    """The list of digests."""

    default_ordering = "locale"

    @cached_property
    def columns(self):
        return [
            TitleColumn("subject", label=_("Subject"), url_name="newsletter_digest:edit"),
            Column("locale", label=_("Language"), sort_key="locale__language_code"),
            Column("frequency", label=_("How often"), sort_key="frequency", accessor="get_frequency_display"),
            Column("is_on", label=_("On"), accessor=lambda row: _("Yes") if row.is_on else _("No")),
            Column("is_reviewed", label=_("Sent by"), accessor=lambda row: _("An editor") if row.is_reviewed else "–"),
        ]

    def get_base_queryset(self):
        return allowed(self.model, self.request.user).select_related("locale")


class AddDigestView(CreateView):
    def get_initial_form_instance(self):
        return self.model(locale=first_language(self.request.user))


class RightOnTheRow(InLanguages):
    """Asks for the right on the row that the address names."""

    def get_object(self, queryset=None):
        found = super().get_object(queryset)
        if not may(self.request.user, self.permission_required, found):
            raise PermissionDenied
        return found


class EditDigestView(RightOnTheRow, EditView):
    pass


class DeleteDigestView(RightOnTheRow, DeleteView):
    def run_before_hook(self):
        if not self.object.issues.exists():
            return None
        messages.error(self.request, keeping.DIGEST_STAYS)
        return redirect(self.get_success_url())
