"""The page of one issue: how it stands, what it looks like, and the buttons that send it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from core import letters, mail, unseen
from newsletter import sending
from newsletter.admin import figures
from newsletter.admin.forms import AddressForm, ScheduleForm
from newsletter.admin.issues import IS_SENT, OPEN, audience
from newsletter.admin.permissions import allowed, may, may_see_addresses
from newsletter.models import Delivery, Issue, Subscriber
from newsletter.rendering import Edition

CHANGED = _("The issue is in another state by now. Nothing was done.")
CROSSED = _("This issue was changed after you opened that page, so nothing was done. Look at it as it is now.")
EMPTY = _("There is nothing in this issue yet. Write a greeting, or add an article that is published.")
DONE = {
    "unschedule": (sending.unschedule, _("The issue is a draft again.")),
    "stop": (sending.stop, _("The sending has stopped. A mail that was on its way may still arrive.")),
    "go_on": (sending.go_on, _("The sending goes on.")),
}
DELIVERIES_SHOWN = 100
# The mail is shown as it is, and can do nothing: no script runs in it, and only pictures come from elsewhere.
MAIL_POLICY = (
    "default-src 'none'; img-src 'self' data: https:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
)


def test_message(issue, email):
    """Return the mail of an issue as nobody's: its links to leave and to the preferences stand for no subscription."""
    nobody = Subscriber(email=email, address_key="", language=issue.locale.language_code)
    return Edition(issue).message(nobody, letters.new_message_id())


def version_of(issue):
    return unseen.version_of(issue, model_to_dict(issue))


class OfIssue:
    """A view of one issue, for people who work in its language; changes need the right to change it."""

    def dispatch(self, request, *args, pk, **kwargs):
        rows = allowed(Issue, request.user).select_related("locale", "topic", "created_by")
        self.issue = get_object_or_404(rows, pk=pk)
        self.may_change = may(request.user, "change", self.issue)
        if request.method not in ("GET", "HEAD") and not self.may_change:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def address(self):
        return reverse("newsletter_issue:show", args=[self.issue.pk])

    def has_content(self):
        return Edition(self.issue).has_content

    @transaction.atomic
    def do_as_seen(self, do, *args):
        """Do something with the issue as the person's page showed it; return why nothing was done, or None."""
        # Locked, so that nobody changes it in between.
        issue = Issue.objects.select_for_update().get(pk=self.issue.pk)
        if unseen.is_older(self.request, version_of(issue)):
            return CROSSED
        return None if do(issue, *args) else CHANGED


class IssuePage(OfIssue, WagtailAdminTemplateMixin, View):
    """A page of the admin about one issue."""

    header_icon = "mail"

    def get(self, request):
        return self.render_to_response(self.get_context_data())

    def get_page_title(self):
        return self.issue.subject

    def get_breadcrumbs_items(self):
        items = [{"url": reverse("newsletter_issue:index"), "label": _("Issues")}]
        if self.request.path != self.address:
            items.append({"url": self.address, "label": self.issue.subject})
        return [*self.breadcrumbs_items, *items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        is_open = self.issue.state in OPEN
        return super().get_context_data() | {
            "issue": self.issue,
            "may_change": self.may_change,
            "version": version_of(self.issue),
            "recipients": figures.number_of_recipients(self.issue) if is_open else None,
            **kwargs,
        }


class ShowView(IssuePage):
    """Show an issue, and do what the button that was pressed says."""

    template_name = "newsletter/admin/show.html"

    @property
    def header_more_buttons(self):
        if self.issue.state not in OPEN:
            return []
        buttons = []
        if self.may_change:
            url = reverse("newsletter_issue:edit", args=[self.issue.pk])
            buttons.append(Button(_("Edit"), url=url, icon_name="edit"))
        if may(self.request.user, "delete", self.issue):
            url = reverse("newsletter_issue:delete", args=[self.issue.pk])
            buttons.append(Button(_("Delete"), url=url, icon_name="bin"))
        return buttons

    def post(self, request):
        name = request.POST.get("action", "")
        if name in DONE:
            do, words = DONE[name]
            return self.answer(do(self.issue), words, name)
        if name == "again":
            return self.send_again()
        if name in ("test", "schedule"):
            return self.send_test_or_schedule(name)
        return HttpResponseBadRequest()

    def send_test_or_schedule(self, name):
        form = (AddressForm if name == "test" else ScheduleForm)(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(**{name: form}), status=422)
        if not self.has_content():
            return self.answer(False, otherwise=EMPTY)
        if name == "test":
            mail.queue(test_message(self.issue, form.cleaned_data["email"]))
            return self.answer(True, _("The test mail is on its way."))
        problem = self.do_as_seen(sending.schedule, form.cleaned_data["send_at"])
        return self.answer(not problem, _("The issue will be sent at that time."), "schedule", problem)

    def send_again(self):
        number = self.request.POST.get("delivery", "")
        if not number.isascii() or not number.isdigit():
            return HttpResponseBadRequest()
        delivery = get_object_or_404(self.issue.deliveries, pk=number)
        return self.answer(sending.send_again(delivery), _("The mail is sent once more."), "again")

    def answer(self, is_done, words="", action="", otherwise=CHANGED):
        """Tell the person what happened, and show the issue as it is now."""
        if is_done:
            messages.success(self.request, words)
            if action:
                log(self.issue, f"newsletter.{action}", user=self.request.user)
        else:
            messages.error(self.request, otherwise)
        return redirect(self.address)

    def get_context_data(self, **kwargs):
        issue = self.issue
        numbers = figures.of(issue)
        unsure = issue.deliveries.filter(state__in=[Delivery.State.IN_DOUBT, Delivery.State.REFUSED])
        published = {row.pk for row in Edition(issue).articles}
        articles = [row.article for row in issue.articles.select_related("article")]
        context = {
            "audience": audience(issue),
            "articles": [(article, article.pk in published) for article in articles],
            "is_open": issue.state in OPEN,
            "is_under_way": issue.state in (Issue.State.SENDING, Issue.State.STOPPED),
            "numbers": numbers,
            "done": figures.done(numbers),
            "progress_words": figures.progress_in_words(numbers),
            "figures": [(label, numbers[name]) for name, label in figures.LABELS.items()] + figures.counted(issue),
            "unsure": unsure.select_related("subscriber").order_by("pk")[:DELIVERIES_SHOWN],
            "unsure_number": numbers["in_doubt"] + numbers["refused"],
            "sees_addresses": may_see_addresses(self.request.user),
            "test": AddressForm(initial={"email": self.request.user.email}),
            "schedule": ScheduleForm(initial={"send_at": issue.send_at}),
        }
        return super().get_context_data(**(context | kwargs))


class SendView(IssuePage):
    """Ask once more, with the number of people, and begin to send."""

    template_name = "newsletter/admin/send.html"

    def get_page_title(self):
        return _("Send now")

    def get(self, request):
        if not self.may_change:
            raise PermissionDenied
        problem = self.problem()
        return self.refused(problem) if problem else super().get(request)

    def post(self, request):
        problem = self.problem() or self.do_as_seen(sending.start)
        if problem:
            self.issue.refresh_from_db()
            return self.refused(problem)
        log(self.issue, "newsletter.send", user=request.user)
        messages.success(request, _("The issue is being sent."))
        return redirect(self.address)

    def refused(self, problem):
        """Say why the issue is not sent; that it is already is no error, its button may have been pressed twice."""
        if self.issue.state in (Issue.State.SENDING, Issue.State.SENT):
            messages.info(self.request, IS_SENT)
        else:
            messages.error(self.request, problem)
        return redirect(self.address)

    def problem(self):
        """Return why the issue cannot be sent, or None."""
        if self.issue.state not in OPEN:
            return CHANGED
        return None if self.has_content() else EMPTY


class PreviewView(IssuePage):
    """The mail in two widths, and as plain text."""

    template_name = "newsletter/admin/preview.html"

    def get_page_title(self):
        return _("Preview")

    def get_context_data(self, **kwargs):
        message = test_message(self.issue, "reader@example.org")
        return super().get_context_data(text=message.body, widths=(360, 640), **kwargs)


class MailView(OfIssue, View):
    """The HTML of the mail, for the frames of the preview."""

    http_method_names = ["get", "head"]

    def get(self, request):
        html = test_message(self.issue, "reader@example.org").alternatives[0][0]
        return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


class ProgressView(OfIssue, View):
    """How far the sending is, for the script on the page."""

    http_method_names = ["get", "head"]

    def get(self, request):
        numbers = figures.of(self.issue)
        return JsonResponse(
            {
                "state": self.issue.state,
                "done": figures.done(numbers),
                "total": numbers["total"],
                "words": figures.progress_in_words(numbers),
            }
        )
