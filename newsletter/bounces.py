"""Reports of mails that came back: the delivery is marked, and the address is not mailed again."""

from django.db import transaction

from core.models import QueuedMail
from newsletter import suppression
from newsletter.models import Delivery, Subscriber, Suppression


@transaction.atomic
def take(report):
    """Mark the mail of a report, and suppress its address: for a complaint, or for a failure that will last.

    Args:
        report: a ``core.incoming.Report``.

    Returns:
        whether the newsletter has sent the mail.
    """
    delivery = Delivery.objects.select_related("subscriber").filter(message_id=report.message_id).first()
    subscriber = delivery.subscriber if delivery else _of_a_link(report.message_id)
    if delivery:
        mark = "has_complained" if report.kind == "complaint" else "has_bounced"
        # What it bounced with is a code, never words.
        Delivery.objects.filter(pk=delivery.pk).update(**{mark: True}, trouble=report.status or delivery.trouble)
    if subscriber and report.kind == "complaint":
        suppression.suppress(subscriber, Suppression.Reason.COMPLAINED)
    elif subscriber and report.is_permanent:
        suppression.suppress(subscriber, Suppression.Reason.BOUNCED)
    return bool(delivery or subscriber)


def _of_a_link(message_id):
    """Return the subscriber to whom a confirmation or a link to the preferences was mailed, or None."""
    about = QueuedMail.objects.filter(message_id=message_id).values_list("about", flat=True).first() or ""
    pk = about.removeprefix("subscriber ")
    return Subscriber.objects.filter(pk=int(pk)).first() if pk != about and pk.isdecimal() else None
