"""The page of one enquiry: what was written, what followed, and what can be done about it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from contact.inbox import changes, forms
from contact.inbox.listing import is_number
from contact.inbox.permissions import may, visible
from contact.models import Enquiry
from core import spam
from delivery.sites import language_name

ACTIONS = {
    "assign": (forms.AssignForm, changes.assign),
    "move": (forms.DepartmentForm, changes.move),
    "note": (forms.NoteForm, changes.note),
    "reply": (forms.ReplyForm, changes.reply),
    "hold": (forms.ActionForm, changes.hold),
    "rescue": (forms.ActionForm, changes.rescue),
    "close": (forms.ActionForm, changes.close),
    "reopen": (forms.ActionForm, changes.reopen),
}
# What is said once words are stored; the names are those of the actions, of their fields and of the entries.
STORED = {"note": changes.KEPT, "reply": changes.SENT}
CROSSED = _("Something was added to this enquiry while you wrote. Read it below, then send your reply again.")
CANNOT_REPLY = _("Nobody can be replied to here: this is spam, or the address was erased.")


class ShowView(WagtailAdminTemplateMixin, View):
    """Show an enquiry, and do what the button that was pressed says."""

    template_name = "contact/admin/show.html"
    header_icon = "comment"
    enquiry = None

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, "view", "change", "delete"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk):
        rows = visible(request.user).select_related("department", "assigned_to", "page")
        self.enquiry = get_object_or_404(rows, pk=pk)
        return self.render_to_response(self.get_context_data())

    @transaction.atomic
    def post(self, request, pk):
        if not may(request.user, "change"):
            raise PermissionDenied
        self.enquiry = get_object_or_404(visible(request.user).select_for_update(), pk=pk)
        name = request.POST.get("action", "")
        if name not in ACTIONS:
            return HttpResponseBadRequest()
        form_class, perform = ACTIONS[name]
        form = form_class(request.POST, enquiry=self.enquiry)
        is_stored = form.is_valid() and self.is_stored(name, form)
        if not form.is_valid() or (name == "reply" and not is_stored and not self.may_send(form)):
            return self.render_to_response(self.get_context_data(**{name: form}), status=422)
        words = STORED[name] if is_stored else perform(self.enquiry, request.user, **form.cleaned_data)
        if words:
            messages.success(request, words)
        is_still_visible = visible(request.user).filter(pk=pk).exists()
        return redirect(*(["enquiry_inbox:show", pk] if is_still_visible else ["enquiry_inbox:index"]))

    def is_stored(self, name, form):
        """Return whether the button was pressed twice: what the person has not seen holds these words, from them."""
        seen = self.request.POST.get("seen", "")
        if name not in STORED or not is_number(seen):
            return False
        unseen = self.enquiry.thread.filter(kind__in=changes.OF_INTEREST)[int(seen) :]
        own = (name, self.request.user.pk, form.cleaned_data[name])
        return own in [(entry.kind, entry.author_id, entry.text) for entry in unseen]

    def may_send(self, form):
        """Return whether a reply may go out now; if not, the form says why."""
        if not self.can_reply:
            form.add_error(None, CANNOT_REPLY)
        elif self.request.POST.get("seen") != str(self.seen):
            form.add_error(None, CROSSED)
        return form.is_valid()

    @property
    def can_reply(self):
        return bool(self.enquiry.email) and self.enquiry.state != Enquiry.State.SPAM

    @property
    def seen(self):
        """How much there is to read; numbers of rows would not tell, they may be given out of order."""
        return self.enquiry.thread.filter(kind__in=changes.OF_INTEREST).count()

    def get_page_title(self):
        return self.enquiry.reference

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("enquiry_inbox:index"), "label": _("Enquiries")},
            {"url": "", "label": self.enquiry.reference},
        ]

    @property
    def header_more_buttons(self):
        if not may(self.request.user, "delete"):
            return []
        url = reverse("enquiry_inbox:delete", args=[self.enquiry.pk])
        return [Button(_("Delete"), url=url, icon_name="bin")]

    def get_context_data(self, **kwargs):
        enquiry = self.enquiry
        entries = enquiry.thread.select_related("author", "mail").defer("mail__raw", "mail__recipients")
        made = {name: form_class(enquiry=enquiry) for name, (form_class, _do) in ACTIONS.items()}
        return super().get_context_data() | {
            "enquiry": enquiry,
            "state": Enquiry.State(enquiry.standing).label,
            "entries": entries,
            "seen": self.seen,
            "forms": made | kwargs,
            "can_change": may(self.request.user, "change"),
            "can_reply": self.can_reply,
            "language": language_name(enquiry.language),
            "signs": [spam.SIGNS[name] for name in enquiry.signs if name in spam.SIGNS],
            "points": spam.score(enquiry.signs),
            "held_from": spam.HELD_FROM,
        }


class RemoveView(DeleteView):
    """Remove an enquiry for good, once that is confirmed."""

    model = Enquiry
    index_url_name = "enquiry_inbox:index"
    delete_url_name = "enquiry_inbox:delete"
    header_icon = "comment"
    confirmation_message = _(
        "Remove this enquiry for good, with its thread and the mails about it that wait to be sent? "
        "Nobody can bring it back."
    )

    def get_queryset(self):
        return visible(self.request.user)

    @transaction.atomic
    def delete_action(self):
        # The log keeps the reference; the mails are no part of the row.
        changes.remove_mails(self.object)
        super().delete_action()
