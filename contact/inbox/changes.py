"""What people do with an enquiry; whatever they change is told in its thread.

Each function works inside a transaction, on a row that is locked, and returns the words that the person is told,
or an empty text if nothing changed.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contact import mailing
from contact.inbox.permissions import name_of, people
from contact.models import Enquiry, ThreadEntry
from core.models import QueuedMail

State = Enquiry.State
KEPT = gettext_lazy("The note is kept.")
SENT = gettext_lazy("The reply is on its way.")
# What somebody who is writing a reply should have read.
OF_INTEREST = [kind for kind in ThreadEntry.Kind if kind not in ("acknowledgement", "notification")]


def assign(enquiry, user, person):
    """Give an enquiry to a person, or to nobody."""
    if person == enquiry.assigned_to:
        return ""
    enquiry.assigned_to = person
    if enquiry.state in (State.NEW, State.ASSIGNED):
        enquiry.state = waiting_state(enquiry)
    enquiry.save(update_fields=["assigned_to", "state"])
    words = _("Assigned to %(person)s.") % {"person": name_of(person)} if person else _("Assigned to nobody.")
    return _tell(enquiry, user, words)


def move(enquiry, user, department):
    """Give an enquiry to a department, which is told if it waits; who may not see it there no longer has it."""
    if department == enquiry.department:
        return ""
    enquiry.department = department
    enquiry.save(update_fields=["department"])
    words = _("Department: %(department)s.") % {"department": department or _("none")}
    _tell(enquiry, user, words)
    if enquiry.assigned_to_id and not people(department).filter(pk=enquiry.assigned_to_id).exists():
        assign(enquiry, user, None)
    if enquiry.state in (State.NEW, State.ASSIGNED):
        mailing.notify(enquiry)
    return words


def note(enquiry, user, note):
    """Keep a note for the team."""
    ThreadEntry.objects.create(enquiry=enquiry, kind=ThreadEntry.Kind.NOTE, author=user, text=note)
    return KEPT


def reply(enquiry, user, reply):
    """Mail an answer to the sender."""
    mailing.reply(enquiry, user, reply)
    return SENT


def hold(enquiry, user):
    """Take an enquiry for spam; ``answered_on`` keeps whether it is answered when it is rescued."""
    if enquiry.state in (State.NEW, State.ASSIGNED):
        enquiry.answered_on = None
    return _set_state(enquiry, user, State.SPAM, _("This is spam."))


def rescue(enquiry, user):
    """Take an enquiry for one that is no spam: the sender and the team get the mails that were kept back."""
    mails = mailing.rescue(enquiry, user)
    if mails is None:
        return ""
    if enquiry.state == State.NEW:
        enquiry.state = waiting_state(enquiry)
        enquiry.save(update_fields=["state"])
    return _("This is not spam. The mails that were kept back go out now.") if mails else _("This is not spam.")


def close(enquiry, user):
    """Note that an enquiry was answered in another way, such as by telephone."""
    if enquiry.state in (State.SPAM, State.ANSWERED):
        return ""
    enquiry.answered_on = timezone.now()
    return _set_state(enquiry, user, State.ANSWERED, _("Marked as answered."))


def reopen(enquiry, user):
    """Take an enquiry for one that still waits for an answer."""
    if enquiry.state != State.ANSWERED:
        return ""
    return _set_state(enquiry, user, waiting_state(enquiry), _("Opened again."))


def waiting_state(enquiry):
    """Return the state of an enquiry that waits for an answer."""
    return State.ASSIGNED if enquiry.assigned_to_id else State.NEW


def remove_mails(enquiry):
    """Remove the mails about an enquiry, which is removed itself: they hold the address, and the words."""
    QueuedMail.objects.filter(about=enquiry.reference).delete()


def _set_state(enquiry, user, state, words):
    if enquiry.state == state:
        return ""
    enquiry.state = state
    enquiry.save(update_fields=["state", "answered_on"])
    return _tell(enquiry, user, words)


def _tell(enquiry, user, words):
    ThreadEntry.objects.create(enquiry=enquiry, kind=ThreadEntry.Kind.CHANGE, author=user, text=words)
    return words
