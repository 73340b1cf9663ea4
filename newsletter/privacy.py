"""Subscriptions as personal data: shown, erased, and let go when nobody confirms them."""

from django.utils.translation import gettext_lazy as _

from core import addresses
from core.models import QueuedMail
from core.privacy import Holder, fields_of
from newsletter import subscribing, suppression
from newsletter.models import Delivery, Subscriber, Suppression


def export(address):
    """Return the subscription of an address with what was sent to it, and whether it must not be mailed."""
    key = addresses.key(address)
    found = []
    for row in Subscriber.objects.filter(address_key=key):
        deliveries = Delivery.objects.filter(subscriber=row).select_related("issue").order_by("pk")
        mails = QueuedMail.objects.filter(about=suppression.about(row.pk)).order_by("pk")
        found.append(
            fields_of(row, ("id", "address_key", "secret", "confirmation"))
            | {
                "issues": [{"subject": one.issue.subject, **fields_of(one, _KEYS)} for one in deliveries],
                "mails": [{"state": one.state, "created": one.created} for one in mails],
            }
        )
    suppressed = Suppression.objects.filter(address_key=key)
    return found + [{"not_mailed": row.reason, "since": row.created} for row in suppressed]


_KEYS = ("id", "issue", "subscriber")


def erase(address):
    """Erase the subscription of an address, which is not mailed again; issues sent to it stay counted."""
    number = Subscriber.objects.filter(address_key=addresses.key(address)).count()
    suppression.suppress(address, Suppression.Reason.ERASED)
    return number


HOLDER = Holder(_("Newsletter"), export, erase, subscribing.forget_unconfirmed)
