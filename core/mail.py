"""Outgoing mail through the task queue, so that a mail server that is down delays a mail and loses none."""

import base64
import logging
from datetime import timedelta
from email import message_from_bytes, policy

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django_tasks import task

logger = logging.getLogger("portal.mail")

RETRY_AFTER_MINUTES = (1, 5, 15, 60, 180, 720, 1440)


class QueuedEmailBackend(BaseEmailBackend):
    """Hand each message to the task queue as the bytes that will be sent."""

    def send_messages(self, email_messages):
        for message in email_messages:
            if message.recipients():
                raw = base64.b64encode(message.message().as_bytes()).decode()
                deliver.enqueue(raw, message.from_email, message.recipients())
        return len(email_messages)


class _Ready(EmailMessage):
    """A message whose bytes are fixed."""

    def __init__(self, raw, sender, recipients):
        super().__init__(from_email=sender, to=recipients)
        self.raw = raw
        self.parsed = message_from_bytes(raw, policy=policy.SMTP)
        self.subject = str(self.parsed["Subject"] or "")
        part = self.parsed.get_body(preferencelist=("plain", "html"))
        self.body = part.get_content() if part else ""

    def message(self):
        return self

    def as_bytes(self, unixfrom=False, linesep="\n"):
        """Return the bytes with the line ends that a transport asks for."""
        return linesep.encode().join(self.raw.splitlines())


@task()
def deliver(raw, sender, recipients, attempt=0):
    """Send one message; after a failure try again later, for two days.

    Args:
        raw: the message, base64 of its bytes.
        sender: envelope sender.
        recipients: list of addresses.
        attempt: how often it was tried before.
    """
    message = _Ready(base64.b64decode(raw), sender, recipients)
    try:
        get_connection(settings.MAIL_TRANSPORT).send_messages([message])
    except OSError as error:
        if attempt >= len(RETRY_AFTER_MINUTES) or not deliver.get_backend().supports_defer:
            logger.error("A mail could not be delivered: %s", type(error).__name__)
            raise
        wait = timedelta(minutes=RETRY_AFTER_MINUTES[attempt])
        logger.warning("Mail server unavailable (%s), next try in %s", type(error).__name__, wait)
        deliver.using(run_after=timezone.now() + wait).enqueue(raw, sender, recipients, attempt + 1)
