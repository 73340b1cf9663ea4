"""Addresses that are not mailed again, remembered by their keyed hash alone."""

from django.db import transaction

from core import addresses
from core.models import QueuedMail
from newsletter.models import Delivery, Subscriber, Suppression

Reason = Suppression.Reason
# From the weakest to the strongest: a new sign-up lifts the first two, nothing lifts the others.
ORDER = (Reason.UNSUBSCRIBED, Reason.BOUNCED, Reason.ERASED, Reason.COMPLAINED)
LASTING = frozenset({Reason.ERASED, Reason.COMPLAINED})
MARKS = {
    Reason.UNSUBSCRIBED: "has_unsubscribed",
    Reason.BOUNCED: "has_bounced",
    Reason.COMPLAINED: "has_complained",
}


@transaction.atomic
def suppress(email_or_subscriber, reason, delivery=None):
    """Delete the subscriber of an address, and remember that it must not be mailed.

    Args:
        email_or_subscriber: an address in any spelling, or its ``Subscriber``; it need not be subscribed.
        reason: a ``Suppression.Reason``; it replaces a weaker one.
        delivery: the ``Delivery`` that it follows from, or its primary key; it is marked.
    """
    is_subscriber = isinstance(email_or_subscriber, Subscriber)
    key = email_or_subscriber.address_key if is_subscriber else addresses.key(email_or_subscriber)
    _row, is_new = Suppression.objects.get_or_create(address_key=key, defaults={"reason": reason})
    if not is_new:
        weaker = ORDER[: ORDER.index(reason)]
        Suppression.objects.filter(address_key=key, reason__in=weaker).update(reason=reason)
    forget(Subscriber.objects.filter(address_key=key))
    if delivery is not None and reason in MARKS:
        Delivery.objects.filter(pk=getattr(delivery, "pk", delivery)).update(**{MARKS[reason]: True})


def forget(subscribers):
    """Delete subscribers, and the mails about their subscription with them; return how many subscribers.

    Args:
        subscribers: a queryset of ``Subscriber``.
    """
    with transaction.atomic():
        keys = list(subscribers.values_list("pk", flat=True))
        QueuedMail.objects.filter(about__in=[about(pk) for pk in keys]).delete()
        subscribers.filter(pk__in=keys).delete()
    return len(keys)


def about(pk):
    """Return what a mail about the subscription with this primary key is filed under (``QueuedMail.about``)."""
    return f"subscriber {pk}"


def is_suppressed(email):
    """Return the ``Suppression.Reason`` for which an address is not mailed, or None."""
    found = Suppression.objects.filter(address_key=addresses.key(email)).values_list("reason", flat=True).first()
    return Reason(found) if found else None


def lift(email):
    """Forget that an address must not be mailed, because its owner has asked for mail again."""
    Suppression.objects.filter(address_key=addresses.key(email)).delete()
