"""What a mail provider reports of mails: the same as reports that come by mail, for the same handlers."""

import re

from core import incoming

STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
# What providers mean by an address that takes no mail; other reasons speak of the mail or of us.
NO_SUCH_ADDRESS = frozenset({"bounced", "invalid"})


def connect():
    """Listen to django-anymail, which is only there where ``EMAIL_URL`` names a provider."""
    from anymail.signals import tracking

    tracking.connect(take, dispatch_uid="core.tracking")


def take(event, **kwargs):
    """Hand a provider's event on as a ``Report``; events that say nothing bad are nobody's.

    Args:
        event: django-anymail's ``AnymailTrackingEvent``.
    """
    message_id = _message_id(event)
    if not message_id:
        return
    if event.event_type == "complained":
        incoming.hand_on(incoming.Report(message_id, "complaint"))
    elif event.event_type in ("bounced", "rejected", "failed"):
        incoming.hand_on(incoming.Report(message_id, "bounce", _status(event), event.reject_reason in NO_SUCH_ADDRESS))


def _message_id(event):
    """Return our Message-ID, which ``core.transport`` gave the provider along with the mail."""
    known = event.metadata or {}
    return f"<{known['message']}@{known['host']}>" if known.get("message") and known.get("host") else ""


def _status(event):
    found = STATUS.search(event.mta_response or "")
    return found[0] if found else ""
