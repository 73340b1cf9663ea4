"""Enquiries as personal data: shown, erased, and let go when their period is over."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contact.models import Enquiry, ThreadEntry
from core import addresses
from core.models import QueuedMail
from core.privacy import Holder, Mentions, fields_of

# Hashes and numbers of rows: they say nothing that the others do not.
LEFT_OUT = ("id", "address_key", "client", "words_key", "enquiry", "mail", "author", "assigned_to")
# What somebody may have written of somebody else.
WORDS = ("name", "message", "answers")


def export(address):
    """Return the enquiries of an address with their threads, and others in whose words it stands."""
    own = Enquiry.objects.filter(address_key=addresses.key(address)).select_related("department")
    found = [
        fields_of(row, LEFT_OUT)
        | {"department": str(row.department or ""), "thread": [fields_of(one, LEFT_OUT) for one in row.thread.all()]}
        for row in own
    ]
    mentions = Mentions(address)
    for row in _mentioning(Enquiry.objects.exclude(pk__in=own), mentions, *WORDS):
        where = {name: getattr(row, name) for name in WORDS if mentions.are_in(getattr(row, name))}
        found.append({"reference": row.reference, "mentioned_in": where})
    entries = ThreadEntry.objects.exclude(enquiry__in=own).select_related("enquiry")
    return found + [
        {"reference": row.enquiry.reference, "mentioned_in": {"text": row.text}}
        for row in _mentioning(entries, mentions, "text")
    ]


@transaction.atomic
def erase(address):
    """Erase the enquiries of an address, and the address from the words of others."""
    number = _remove(Enquiry.objects.filter(address_key=addresses.key(address)))
    mentions = Mentions(address)
    for queryset, names in (
        (Enquiry.objects.all(), WORDS),
        (ThreadEntry.objects.all(), ("text",)),
    ):
        for row in _mentioning(queryset, mentions, *names):
            changes = {name: mentions.removed_from(getattr(row, name)) for name in names}
            number += queryset.filter(pk=row.pk).update(**changes)
    return number


def expire():
    """Erase enquiries older than ``KEEP_ENQUIRIES_DAYS`` and spam older than ``KEEP_SPAM_DAYS``; 0 keeps them.

    Spam to which something happened in the meantime stays: a person may have taken it for spam only then.
    """
    is_spam = Q(state=Enquiry.State.SPAM)
    touched = ThreadEntry.objects.filter(created__gte=timezone.now() - timedelta(days=settings.KEEP_SPAM_DAYS))
    spam = Enquiry.objects.filter(is_spam).exclude(pk__in=touched.values("enquiry"))
    number = _remove_older(spam, settings.KEEP_SPAM_DAYS)
    return number + _remove_older(Enquiry.objects.exclude(is_spam), settings.KEEP_ENQUIRIES_DAYS)


def _remove_older(enquiries, days):
    return _remove(enquiries.filter(received_on__lt=timezone.now() - timedelta(days=days))) if days else 0


@transaction.atomic
def _remove(enquiries):
    """Erase enquiries with their threads and mails; return how many enquiries."""
    QueuedMail.objects.filter(about__in=enquiries.order_by().values("reference")).delete()
    return enquiries.delete()[1].get("contact.Enquiry", 0)


def _mentioning(rows, mentions, *names):
    return [row for row in rows.iterator(200) if mentions.are_in([getattr(row, name) for name in names])]


HOLDER = Holder(_("Enquiries"), export, erase, expire)
