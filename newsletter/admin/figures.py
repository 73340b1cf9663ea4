"""Numbers of an issue: who it is for, and what became of its mails."""

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from newsletter import counting, sending
from newsletter.models import Delivery
from newsletter.rendering import Edition

State = Delivery.State
IN_LIST = (State.SENT, State.REFUSED, State.IN_DOUBT)
MARKS = {"bounced": "has_bounced", "complained": "has_complained", "unsubscribed": "has_unsubscribed"}
LABELS = {
    "sent": _("Sent"),
    "refused": _("Refused"),
    "bounced": _("Came back"),
    "complained": _("Complained"),
    "unsubscribed": _("Unsubscribed"),
    "in_doubt": _("In doubt"),
    "left_out": _("Left out"),
}


def number_of_recipients(issue):
    """Return how many subscribers would get an issue at this moment; whom it is meant for, if nothing is in it yet."""
    edition = Edition(issue)
    return sum(edition.is_for(topics) or not edition.has_content for _pk, topics in sending.recipients(issue))


def counted(issue):
    """Return [(what, number)] of openings and of each link that was followed; empty where nothing is counted."""
    if not settings.NEWSLETTER_COUNTS:
        return []
    openings, links = counting.counts(issue)
    return [(_("Openings"), openings), *links]


def with_figures(issues):
    """Return a queryset of issues that know how many of their mails are sent, refused and in doubt."""
    return issues.annotate(**{f"number_{state}": _number(state) for state in IN_LIST})


def _number(state):
    # One count for each issue that is shown; a join would count the mails of all of them first.
    rows = Delivery.objects.filter(issue=OuterRef("pk"), state=state).order_by().values("issue")
    numbers = rows.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)


def of(issue):
    """Return {what: number} of the mails of an issue: ``total``, each ``Delivery.State`` and each of ``MARKS``."""
    numbers = {state.value: Count("pk", filter=Q(state=state)) for state in State}
    numbers |= {name: Count("pk", filter=Q(**{field: True})) for name, field in MARKS.items()}
    return issue.deliveries.aggregate(total=Count("pk"), **numbers)


def done(numbers):
    """Return how many mails need nothing more to be done."""
    return numbers["total"] - numbers[State.WAITING] - numbers[State.SENDING]


def progress_in_words(numbers):
    """Return how far the sending is, as a sentence."""
    words = ngettext(
        "%(done)d of %(total)d mail is done: %(sent)d sent, %(refused)d refused, %(in_doubt)d in doubt, "
        "%(left_out)d left out.",
        "%(done)d of %(total)d mails are done: %(sent)d sent, %(refused)d refused, %(in_doubt)d in doubt, "
        "%(left_out)d left out.",
        numbers["total"],
    )
    return words % (numbers | {"done": done(numbers)})
