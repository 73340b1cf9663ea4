"""Handing a mail to what ``EMAIL_URL`` names, and saying exactly what is known afterwards."""

import re
import smtplib
from functools import partial

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends import smtp

ENHANCED_CODE = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
# Answers of a provider's API that say nothing of the message: our key, too much at once.
NOT_ABOUT_THE_MESSAGE = frozenset({401, 403, 404, 408, 429})
# The server in front of the provider heard nothing from behind it, where the message may be.
UNKNOWN_TO_THE_GATEWAY = frozenset({502, 504})
# Names of errors, and of their reasons, of a request that never got to the provider.
NEVER_ARRIVED = frozenset({"ConnectTimeout", "SSLError", "ProxyError", "NewConnectionError", "ConnectTimeoutError"})
# For the words of a mail, and for the answer to them: a server that looks through them takes its time (RFC 5321,
# 4.5.3.2.6, has ten minutes), and whoever does not wait for it sends the mail again.
ANSWER_SECONDS = 60
# Codes that say that the address takes no mail for good (RFC 3463); others speak of the mail, of us, or of a mailbox
# that is full. A reply without such a code may mean any of it: a relay whose login has run out says "550" alone.
NO_SUCH_ADDRESS = re.compile(r"^(?:55[0-9] )?5\.(?:0\.0|1\.(?:[0-6]|10)|2\.[01]|4\.4)\b")


class MailError(Exception):
    """A mail that is not known to be sent; ``str()`` says why, without an address."""


class Refused(MailError):
    """The server will not take this mail for this address, now or later.

    Attributes:
        is_no_such_address: whether it was the address that was refused, as one that takes no mail.
    """

    def __init__(self, reply, is_no_such_address=False):
        super().__init__(reply)
        self.is_no_such_address = is_no_such_address


class Unavailable(MailError):
    """The mail was not taken; it may be later."""


class InDoubt(MailError):
    """The mail was handed over, and no answer came: the server may have taken it."""


class _Watched:
    """An SMTP client that knows whether the server has been given a message it has not answered yet."""

    is_handed_over = False

    def getreply(self):
        code, text = super().getreply()
        if self.is_handed_over:
            self.sock.settimeout(self.otherwise)
        # After "start mail input" the server may keep the message, whatever we hear from then on.
        self.is_handed_over = code == 354
        if self.is_handed_over:
            self.otherwise = self.sock.gettimeout()
            self.sock.settimeout(ANSWER_SECONDS)
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

    def open(self):
        """Connect and greet the server, which Django leaves to the first message: a server may be down there too."""
        is_new = super().open()
        if self.connection:
            self.connection.ehlo_or_helo_if_needed()
        return is_new


class Connection:
    """An open connection for one mail or for thousands; as a context manager it is closed at the end."""

    def __init__(self):
        self.backend = None

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
            # Not before: what EMAIL_URL lacks is a reason to wait too.
            self.backend = self.backend or get_connection(settings.MAIL_TRANSPORT)
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
        # A provider gives the mail a name of its own; by these its report says which it was (``core.tracking``). Apart,
        # because what is longer than 80 characters is refused.
        local, _at, host = str(message.extra_headers.get("Message-ID", "")).strip("<>").partition("@")
        message.metadata = {"message": local, "host": host}
        try:
            self.backend.send_messages([message])
        except Exception as error:
            # The original says the address, and would stand in the log and in the queue.
            raise self._meaning(error) from None
        said_by_provider = getattr(message, "anymail_status", None)
        if said_by_provider and said_by_provider.status == {"unknown"} and not said_by_provider.message_id:
            raise InDoubt("unknown")

    def _meaning(self, error):
        """Return what an error of the transport means for the message, and drop the connection if it is no use now."""
        connection = getattr(self.backend, "connection", None)
        handed_over = getattr(connection, "is_handed_over", False)
        # Only after a recipient that was refused is the conversation where it began; after 421 it is over.
        goes_on = isinstance(error, smtplib.SMTPRecipientsRefused) and getattr(connection, "sock", None)
        if not goes_on:
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
            if self.backend:
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
        reply = said(code, text)
        return Refused(reply, is_no_such_address(reply)) if code >= 500 else Unavailable(reply)
    if isinstance(error, smtplib.SMTPDataError):
        # Whatever its code says, it was said of the words.
        return (Refused if error.smtp_code >= 500 else Unavailable)(said(error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Refused(type(error).__name__)
    if isinstance(error, smtplib.SMTPResponseException):
        # Of the connection, the login or the sender: nothing that this recipient could help.
        return Unavailable(said(error.smtp_code, error.smtp_error))
    if type(error).__module__.startswith("anymail.") or "AnymailError" in _kinds(error):
        return _meaning_of_provider(error)
    return (InDoubt if handed_over else Unavailable)(type(error).__name__)


def _meaning_of_provider(error):
    """Return the ``MailError`` for an error of django-anymail, which is only there where it is used."""
    kinds = _kinds(error)
    status = getattr(error, "status_code", None)
    if "AnymailRecipientsRefused" in kinds:
        return Refused("AnymailRecipientsRefused")
    if "AnymailConfigurationError" in kinds:
        return Unavailable("AnymailConfigurationError")
    if status is None:
        if "AnymailAPIError" not in kinds:
            # It cannot be said to this provider at all.
            return Refused(type(error).__name__)
        cause = error.__cause__
        return (Unavailable if _reasons(cause) & NEVER_ARRIVED else InDoubt)(type(cause).__name__)
    if status < 300 or status in UNKNOWN_TO_THE_GATEWAY:
        return InDoubt(str(status))
    return (Unavailable if status >= 500 or status in NOT_ABOUT_THE_MESSAGE else Refused)(str(status))


def _kinds(error):
    return {kind.__name__ for kind in type(error).__mro__}


def _reasons(cause):
    """Return the names of an error of the network, and of what requests and urllib3 give as its reasons."""
    found = set()
    while isinstance(cause, BaseException):
        found |= _kinds(cause)
        reason = getattr(cause, "reason", None) or (cause.args[0] if cause.args else None)
        cause = reason if reason is not cause else None
    return found


def is_no_such_address(reply):
    """Return whether a reply (``said``) or an enhanced code means that the address takes no mail, now or later."""
    return bool(NO_SUCH_ADDRESS.match(reply))


def said(code, text):
    """Return a server's reply without its words, which may repeat the address: ``550 5.1.1``."""
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else str(text)
    found = ENHANCED_CODE.match(words)
    return f"{code} {found[0]}" if found else str(code)
