"""Mail that comes back, read from a mailbox over IMAP where the mail server cannot be given a pipe.

The mailbox may be one that people read too: nothing in it is deleted but reports of our own mails, after they were
handled. What was looked at bears a keyword, so that it is not read again, and stays unread for people.
"""

import imaplib
import logging
import re
import ssl
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError
from django_tasks import task

from core import incoming

logger = logging.getLogger("portal.incoming")

KEYWORD = "PortalRead"
SECONDS = 30
PORTS = {"imaps": 993, "imap": 143}
# More waits for the next time, so that other tasks get their turn.
AT_ONCE = 200
# What a mail that is read needs at most; attachments of answers stay in the mailbox anyway.
MOST_BYTES = 4 * 1024 * 1024
NUMBER = re.compile(rb"\bUID (\d+)")


class Fault(Exception):
    """The mailbox cannot be read now; ``str()`` says why, without its password or what is in it."""


@task()
def read():
    """Handle what has come into the mailbox of ``MAILBOX_URL`` (background task); a fault leaves it there."""
    try:
        with _opened(settings.MAILBOX_URL) as mailbox:
            _handle_new(mailbox)
    except Fault as fault:
        logger.warning("The mailbox cannot be read now (%s), what is in it waits", fault)


@contextmanager
def _opened(url):
    """Connect and choose the folder; errors of the network and the server become a ``Fault``."""
    parts = urlsplit(url)
    folder = unquote(parts.path.lstrip("/")) or "INBOX"
    mailbox = None
    try:
        mailbox = _connected(parts)
        mailbox.login(unquote(parts.username or ""), unquote(parts.password or ""))
        _asked(mailbox.select('"{}"'.format(folder.replace("\\", "\\\\").replace('"', '\\"'))))
        yield mailbox
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        # Their words may repeat what was sent: the password, a mail.
        raise Fault(type(error).__name__) from None
    finally:
        if mailbox is not None:
            mailbox.shutdown()


def _connected(parts):
    port = parts.port or PORTS[parts.scheme]
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(parts.hostname, port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
    return imaplib.IMAP4(parts.hostname, port, timeout=SECONDS)


def _asked(answer):
    """Return the data of an answer that says OK."""
    word, data = answer
    if word != "OK":
        raise Fault(word)
    return data


def _handle_new(mailbox):
    numbers = _asked(mailbox.uid("SEARCH", "UNDELETED", "UNKEYWORD", KEYWORD))[0].split()
    # The newest first: on a server that keeps no keyword, the oldest are always there.
    for number in numbers[-AT_ONCE:]:
        data = _fetched(mailbox, number)
        if data is None:
            continue
        try:
            taken = incoming.take(data)
        except DatabaseError as error:
            raise Fault(type(error).__name__) from None
        # First it is handled, then it is marked: handling a mail twice does no harm, missing one does.
        if taken == "report":
            _remove(mailbox, number)
        else:
            mailbox.uid("STORE", number, "+FLAGS.SILENT", f"({KEYWORD})")


def _fetched(mailbox, number):
    """Return the bytes of a mail without marking it as seen; None if it has gone meanwhile."""
    for part in _asked(mailbox.uid("FETCH", number, f"(UID BODY.PEEK[]<0.{MOST_BYTES}>)")):
        if isinstance(part, tuple) and (found := NUMBER.search(part[0])) and found[1] == number:
            return part[1]
    return None


def _remove(mailbox, number):
    """Remove one mail, and none that a person has marked as deleted."""
    _asked(mailbox.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)"))
    # Asked again: most servers say what they can do only to those who have signed in.
    if b"UIDPLUS" in _asked(mailbox.capability())[0].upper().split():
        _asked(mailbox.uid("EXPUNGE", number))
