"""Handing a mail to what ``EMAIL_URL`` names, and saying exactly what is known afterwards."""

import re
import smtplib
from functools import partial

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends import smtp

ENHANCED_CODE = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
SERVICE_CLOSING = 421


class MailError(Exception):
    """A mail that is not known to be sent; ``str()`` says why, without an address."""


class Refused(MailError):
    """The server will not take this mail for this address, now or later."""


class Unavailable(MailError):
    """The mail was not taken; it may be later."""


class InDoubt(MailError):
    """The mail was handed over, and no answer came: the server may have taken it."""


class _Watched:
    """An SMTP client that knows whether the server has been given a message it has not answered yet."""

    is_handed_over = False

    def getreply(self):
        code, text = super().getreply()
        # After "start mail input" the server may keep the message, whatever we hear from then on.
        self.is_handed_over = code == 354
        return code, text


class WatchedSMTP(_Watched, smtplib.SMTP):
    pass


class WatchedSMTPOverTLS(_Watched, smtplib.SMTP_SSL):
    pass


class SMTPBackend(smtp.EmailBackend):
    """Django's own back end, with a client that can be asked afterwards."""

    @property
    def connection_class(self):
        if self.use_ssl:
            return partial(WatchedSMTPOverTLS, context=self.ssl_context)
        return WatchedSMTP


class Connection:
    """An open connection for one mail or for thousands; as a context manager it is closed at the end."""

    def __init__(self):
        self.backend = get_connection(settings.MAIL_TRANSPORT)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self._close()

    def open(self):
        """Connect, unless it is connected.

        Raises:
            Unavailable: no server that would take a mail answers.
        """
        try:
            self.backend.open()
        except Exception as error:
            raise self._meaning(error) from None

    def send(self, message):
        """Send one message.

        Args:
            message: Django's ``EmailMessage``.

        Raises:
            Refused, Unavailable, InDoubt: what is known of the message instead.
        """
        self.open()
        try:
            self.backend.send_messages([message])
        except Exception as error:
            # The original says the address, and would stand in the log and in the queue.
            raise self._meaning(error) from None

    def _meaning(self, error):
        """Return what an error of the transport means for the message, and drop the connection if it is no use now."""
        handed_over = getattr(getattr(self.backend, "connection", None), "is_handed_over", False)
        if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
            self._drop()
        return meaning(error, handed_over)

    def _drop(self):
        """Close without a farewell: a server that hangs would not answer it either."""
        connection = getattr(self.backend, "connection", None)
        if connection is not None and hasattr(connection, "close"):
            connection.close()
            self.backend.connection = None

    def _close(self):
        try:
            self.backend.close()
        except OSError:
            self._drop()


def meaning(error, handed_over):
    """Return the ``MailError`` for an error of a mail back end.

    Args:
        error: what the back end raised.
        handed_over: whether the server had the message, and had not answered.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = list(error.recipients.values())
        code, text = min(replies, key=lambda reply: reply[0]) if replies else (0, b"")
        return (Refused if code >= 500 else Unavailable)(said(code, text))
    if isinstance(error, smtplib.SMTPDataError):
        return (Refused if error.smtp_code >= 500 else Unavailable)(said(error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Refused(type(error).__name__)
    if isinstance(error, smtplib.SMTPResponseException):
        # Of the connection, the login or the sender: nothing that this recipient could help.
        return Unavailable(said(error.smtp_code, error.smtp_error))
    return (InDoubt if handed_over else Unavailable)(type(error).__name__)


def said(code, text):
    """Return a server's reply without its words, which may repeat the address: ``550 5.1.1``."""
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else str(text)
    found = ENHANCED_CODE.match(words)
    return f"{code} {found[0]}" if found else str(code)
