"""Mail that comes back to the site: reports of what could not be delivered, and answers of readers.

A room registers in ``AppConfig.ready()`` what it does with each.
"""

import logging
import re
from dataclasses import dataclass
from email import message_from_bytes, policy

from django.db import DatabaseError, DataError

from core import transport
from core.models import QueuedMail

logger = logging.getLogger("portal.incoming")
_on_answer, _on_report = [], []

MOST_BYTES = 32 * 1024 * 1024
# Of more, Python's parser makes seconds of work, or none.
MOST_HEADER_BYTES = 256 * 1024
MOST_PARTS = 500
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
# In a coded word of a header may stand what no text of a database can hold.
MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f\ud800-\udfff]{1,198}>")
STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
COMPLAINTS = frozenset({"abuse", "fraud", "opt-out"})


@dataclass(frozen=True)
class Report:
    """What a mail server says of a mail that it was given.

    Attributes:
        message_id: of the mail, with its angle brackets.
        kind: "bounce" for a mail that was not delivered, "complaint" for one that was called spam.
        status: the enhanced status code (RFC 3463) of a bounce, or empty.
        is_permanent: whether the address takes no mail, now or later.
    """

    message_id: str
    kind: str
    status: str = ""
    is_permanent: bool = True


def on_answer(handler):
    """Let a function see each mail that a person wrote.

    Args:
        handler: takes an ``email.message.EmailMessage``, returns whether it was its own.
    """
    _on_answer.append(handler)


def on_report(handler):
    """Let a function see each report of a mail that was not delivered or was complained about.

    Args:
        handler: takes a ``Report``, returns whether the mail was its own.
    """
    _on_report.append(handler)


def take(data):
    """Give one mail to those whom it concerns.

    Args:
        data: its bytes, as the mail server has them.

    Returns:
        "report", "answer", or "ignored" where it concerns nobody.
    """
    found = parse(data)
    if isinstance(found, Report):
        return "report" if hand_on(found) else "ignored"
    taken = found is not None and any(_asked(handler, found) for handler in _on_answer)
    return "answer" if taken else "ignored"


def hand_on(report):
    """Give a ``Report`` to those whose mail it may be about; return whether it was anybody's."""
    # More than one may know the mail: it was queued here, and is about something there.
    taken = [_asked(handler, report) for handler in _on_report]
    return any(taken)


def _asked(handler, found):
    """Return what a handler says; a mail that it cannot read is not its own."""
    try:
        return handler(found)
    except Exception as error:
        # Only what the database does not take is the mail's fault: else the mail server tries again.
        if isinstance(error, DatabaseError) and not isinstance(error, DataError):
            raise
        # Its words and headers stand in the error's own words.
        logger.warning("A mail that came in could not be read: %s", type(error).__name__)
        return False


def parse(data):
    """Return what a mail is.

    Args:
        data: its bytes; what is beyond ``MOST_BYTES`` is not read.

    Returns:
        a ``Report`` of a mail that was not delivered (RFC 3464) or was complained about (RFC 5965), the
        ``EmailMessage`` that a person wrote, or None for whatever else machines write (RFC 3834).
    """
    if _is_too_much(data):
        logger.warning("A mail that came in has too many parts or headers, and is not read")
        return None
    try:
        message = message_from_bytes(data[:MOST_BYTES], policy=policy.default)
        if message.get_content_type() == "multipart/report":
            return _report(message)
        automatic = str(message["Auto-Submitted"] or "no").partition(";")[0].strip().casefold()
        return message if automatic == "no" else None
    except (Exception, RecursionError) as error:
        # Python's parser stumbles over some headers, and over parts in parts in parts.
        logger.warning("A mail that came in could not be read: %s", type(error).__name__)
        return None


def _is_too_much(data):
    end = END_OF_HEADERS.search(data)
    header_bytes = end.start() if end else len(data)
    return header_bytes > MOST_HEADER_BYTES or data.lower().count(b"content-type:") > MOST_PARTS


def _report(message):
    parts = {part.get_content_type(): part for part in message.get_payload() if not isinstance(part, str)}
    message_id = _original(parts)
    if not message_id:
        return None
    if "message/delivery-status" in parts:
        return _bounce(parts["message/delivery-status"], message_id)
    if "message/feedback-report" in parts:
        # A server that does not know the part as a message keeps its lines as words.
        fields = _headers_in(parts["message/feedback-report"])
        if _word(fields["Feedback-Type"]) in COMPLAINTS:
            return Report(message_id, "complaint")
    return None


def _bounce(part, message_id):
    """Return the ``Report`` of the first recipient who did not get the mail, or None: it is late, or has arrived."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if _word(block["Action"]) == "failed":
            status = STATUS.search(str(block["Status"] or ""))
            code = status[0] if status else ""
            return Report(message_id, "bounce", code, transport.is_no_such_address(code))
    return None


def _original(parts):
    """Return the Message-ID of the mail that a report is about, or an empty text."""
    for kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
        if kind in parts:
            found = MESSAGE_ID.search(str(_headers_in(parts[kind])["Message-ID"] or ""))
            return found[0] if found else ""
    return ""


def _headers_in(part):
    """Return the headers that a part consists of, or begins with."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload[0]
    return message_from_bytes((part.get_payload(decode=True) or b"").lstrip(), policy=policy.default)


def _word(header):
    return str(header or "").partition(";")[0].strip().casefold()


def note_bounce(report):
    """Note that a mail to one person or team came back; return whether we have sent it."""
    sent = QueuedMail.objects.filter(message_id=report.message_id)
    if report.kind == "bounce":
        sent.filter(state=QueuedMail.State.SENT).update(state=QueuedMail.State.REFUSED, trouble=report.status, raw=b"")
    return sent.exists()
