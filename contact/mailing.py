"""Mails about enquiries: to the sender, to the team, and the thread that they make."""

import re
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.encoding import uri_to_iri
from django.utils.translation import gettext as _

from contact.models import ContactPage, Enquiry, ThreadEntry
from core import letters, mail
from delivery import sites

Kind = ThreadEntry.Kind

ACKNOWLEDGEMENTS_A_DAY = 3
# A thread of mails is found by the first and the last of them (RFC 5322 lets a References field be shortened).
LONGEST_REFERENCES = 20
MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")


@transaction.atomic
def acknowledge(enquiry):
    """Mail the sender the reference, in the language of the enquiry, and nothing that was written in the form.

    Whoever types somebody else's address can so neither send words there nor send much.

    Returns:
        the ``ThreadEntry``, or None where the address has had enough of them today.
    """
    since = timezone.now() - timedelta(days=1)
    sent = ThreadEntry.objects.filter(kind=Kind.ACKNOWLEDGEMENT, created__gt=since)
    if sent.filter(enquiry__address_key=enquiry.address_key).count() >= ACKNOWLEDGEMENTS_A_DAY:
        return None
    page = ContactPage.in_language(enquiry.language)
    # Anybody may write to a team whose page is closed, and give any address.
    words = page.acknowledgement_text if page and sites.is_public(page.path) else ""
    message = letters.write(
        "contact/mail/acknowledgement",
        enquiry.language,
        {"reference": enquiry.reference, "words": words},
        enquiry.email,
        reply_to=_team(enquiry)[:1],
        headers={"Auto-Submitted": "auto-replied"},
    )
    return _record(enquiry, Kind.ACKNOWLEDGEMENT, message)


@transaction.atomic
def notify(enquiry):
    """Mail the team all that was written; an answer to this mail goes to the sender.

    Returns:
        the ``ThreadEntry``, or None where nobody is to be told.
    """
    recipients = _team(enquiry)
    if not recipients:
        return None
    message = letters.write(
        "contact/mail/notification",
        settings.LANGUAGE_CODE,
        {"enquiry": enquiry, "source": _source(enquiry), "admin_url": _admin_url(enquiry)},
        recipients,
        reply_to=[enquiry.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    return _record(enquiry, Kind.NOTIFICATION, message)


@transaction.atomic
def rescue(enquiry, user):
    """Take an enquiry for one that is no spam: it is answered if it was, else new, and what was kept back is mailed.

    Returns:
        the ``ThreadEntry`` of each mail, or None if it was no spam: a second press does nothing.
    """
    state = Enquiry.State.ANSWERED if enquiry.answered_on else Enquiry.State.NEW
    if not Enquiry.objects.filter(pk=enquiry.pk, state=Enquiry.State.SPAM).update(state=state):
        return None
    enquiry.state = state
    ThreadEntry.objects.create(enquiry=enquiry, kind=Kind.CHANGE, author=user, text=_("This is not spam."))
    if enquiry.answered_on:
        return []
    sender_knows = enquiry.thread.filter(kind__in=[Kind.ACKNOWLEDGEMENT, Kind.REPLY]).exists()
    kept_back = [] if sender_knows else [acknowledge]
    if not _is_team_told(enquiry):
        kept_back.append(notify)
    return [entry for entry in (mail_out(enquiry) for mail_out in kept_back) if entry]


def _is_team_told(enquiry):
    """Return whether the enquiry was mailed to those who are told now; of old mails it is not known to whom."""
    told = Q(mail=None) | Q(mail__recipients="\n".join(_team(enquiry)))
    return enquiry.thread.filter(told, kind=Kind.NOTIFICATION).exists()


@transaction.atomic
def reply(enquiry, user, text):
    """Mail an answer to the sender, in the thread of what they had before; the enquiry is answered.

    Args:
        enquiry: the ``Enquiry``.
        user: who answers.
        text: plain text, written by that person.

    Returns:
        the ``ThreadEntry``.
    """
    message = letters.write(
        "contact/mail/reply",
        enquiry.language,
        {"enquiry": enquiry, "text": text, "quoted": "".join(f"> {line}\n" for line in enquiry.message.splitlines())},
        enquiry.email,
        reply_to=_team(enquiry)[:1],
        headers=_thread_headers(enquiry),
    )
    enquiry.state, enquiry.answered_on = Enquiry.State.ANSWERED, timezone.now()
    enquiry.save(update_fields=["state", "answered_on"])
    return _record(enquiry, Kind.REPLY, message, author=user, text=text)


def _record(enquiry, kind, message, **fields):
    row = mail.queue(message, about=enquiry.reference)
    return ThreadEntry.objects.create(enquiry=enquiry, kind=kind, message_id=row.message_id, mail=row, **fields)


def _team(enquiry):
    """Return the addresses that are told: the department's, else the one on the contact page."""
    if enquiry.department and enquiry.department.addresses:
        return enquiry.department.addresses
    page = ContactPage.answering(enquiry.language)
    return [page.email] if page and page.email else []


def _thread_headers(enquiry):
    """Return the headers by which mail programs put a reply under what the sender has sent and received."""
    seen = enquiry.thread.filter(kind__in=[Kind.ACKNOWLEDGEMENT, Kind.REPLY, Kind.ANSWER])
    # Those of answers were chosen elsewhere.
    ids = [one for one in seen.values_list("message_id", flat=True) if MESSAGE_ID.fullmatch(one)]
    if not ids:
        return {}
    kept = ids if len(ids) <= LONGEST_REFERENCES else [ids[0], *ids[1 - LONGEST_REFERENCES :]]
    return {"In-Reply-To": ids[-1], "References": " ".join(kept)}


def _source(enquiry):
    """Return the address of the page that the form stood on, in letters that people read, or None."""
    page = enquiry.page
    address = sites.page_url(page.url_path, page.locale_id) if page else None
    return uri_to_iri(sites.absolute(address)) if address else None


def _admin_url(enquiry):
    try:
        return sites.absolute(reverse("enquiry_inbox:show", args=[enquiry.pk]))
    except NoReverseMatch:
        return None
