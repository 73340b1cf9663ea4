"""Mails of senders that come back: each goes under the enquiry that it answers."""

import re
from email.utils import parseaddr

from django.db import transaction
from django.utils.translation import ngettext

from contact.inbox.changes import waiting_state
from contact.inbox.words import words_of
from contact.models import Enquiry, ThreadEntry
from core import addresses, incoming
from core.portable import CONTROL

LONGEST_TEXT = 20_000
MOST_REFERENCES = 50
REFERENCE = re.compile(r"\[([A-Z2-9]{4}-[A-Z2-9]{4})\]")


@transaction.atomic
def take(message):
    """Put the answer of a sender into the thread of the enquiry, which then waits for us again.

    Args:
        message: an ``email.message.EmailMessage``.

    Returns:
        whether it was such an answer. One that names an enquiry but comes from another address is not.
    """
    enquiry = _enquiry_of(message)
    if enquiry is None:
        return False
    found = incoming.MESSAGE_ID.search(str(message["Message-ID"] or ""))
    message_id = found[0] if found else ""
    # The mailbox may hand over the same mail twice.
    if message_id and enquiry.thread.filter(kind=ThreadEntry.Kind.ANSWER, message_id=message_id).exists():
        return True
    ThreadEntry.objects.create(
        enquiry=enquiry, kind=ThreadEntry.Kind.ANSWER, message_id=message_id, text=_text(message)[:LONGEST_TEXT]
    )
    _tell_of_files(enquiry, sum(1 for _part in message.iter_attachments()))
    if enquiry.state == Enquiry.State.ANSWERED:
        enquiry.state = waiting_state(enquiry)
    elif enquiry.state == Enquiry.State.SPAM:
        # It stays held, and waits for us once it is rescued.
        enquiry.answered_on = None
    enquiry.save(update_fields=["state", "answered_on"])
    return True


def _enquiry_of(message):
    """Return the enquiry that a mail of its sender answers, locked, or None."""
    address = parseaddr(str(message["From"] or ""))[1]
    if "@" not in address:
        return None
    of_sender = Enquiry.objects.filter(address_key=addresses.key(address))
    headers = f"{message['In-Reply-To'] or ''} {message['References'] or ''}"
    ids = incoming.MESSAGE_ID.findall(headers)
    known = ThreadEntry.objects.filter(message_id__in=[*ids[:1], *ids[-MOST_REFERENCES:]])
    pk = of_sender.filter(pk__in=known.values("enquiry")).values_list("pk", flat=True).first()
    if pk is None and (named := REFERENCE.search(str(message["Subject"] or "").upper())):
        pk = of_sender.filter(reference=named[1]).values_list("pk", flat=True).first()
    return Enquiry.objects.select_for_update().filter(pk=pk).first() if pk else None


def _text(message):
    """Return the words of a mail as plain text; what is quoted stays. A plain part may be there and empty."""
    parts = (message.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    return next(filter(None, (_text_of(part) for part in parts if part)), "")


def _text_of(part):
    try:
        text = part.get_content()
    except LookupError:
        # A character set that Python does not know.
        text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
    if part.get_content_subtype() == "html":
        text = words_of(text)
    # Not every database can hold the sign of number 0, and none half a character.
    return CONTROL.sub("", text).replace("\r\n", "\n").strip()


def _tell_of_files(enquiry, number):
    if number:
        words = ngettext(
            "The mail has %(number)d attachment, which stays in the mailbox.",
            "The mail has %(number)d attachments, which stay in the mailbox.",
            number,
        )
        ThreadEntry.objects.create(enquiry=enquiry, kind=ThreadEntry.Kind.CHANGE, text=words % {"number": number})
