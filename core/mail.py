"""Outgoing mail through the task queue, so that a mail server that is down delays a mail and loses none."""

import logging
from datetime import timedelta
from email import message_from_bytes, policy

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from core import transport
from core.models import QueuedMail

logger = logging.getLogger("portal.mail")

RETRY_AFTER_MINUTES = (1, 5, 15, 60, 180, 720, 1440)
KEEP_DAYS = 30
# Before every other task: somebody waits for a mail, and an import of pictures is hours of work.
FIRST = 50
# Headers that a transport which does not send bytes makes from the parts.
MADE_ANEW = frozenset(
    {"to", "cc", "bcc", "subject", "date", "mime-version", "content-type", "content-transfer-encoding"}
)


class QueuedEmailBackend(BaseEmailBackend):
    """Hand each message to the task queue as the bytes that will be sent."""

    def send_messages(self, email_messages):
        for message in email_messages:
            if message.recipients():
                queue(message)
        return len(email_messages)


@transaction.atomic
def queue(message, about=""):
    """Store a message and its delivery, in the transaction of what causes it.

    Args:
        message: Django's ``EmailMessage``.
        about: what it is about, such as the reference of an enquiry; it is erased with that.

    Returns:
        the ``QueuedMail``.
    """
    built = message.message()
    row = QueuedMail.objects.create(
        about=about,
        sender=message.from_email,
        recipients="\n".join(message.recipients()),
        raw=built.as_bytes(),
        message_id=built["Message-ID"],
    )
    deliver.enqueue(row.pk)
    return row


class _Ready(EmailMultiAlternatives):
    """A message whose bytes are fixed; its parts are there for transports that do not send bytes."""

    def __init__(self, row):
        self.raw = bytes(row.raw)
        parsed = message_from_bytes(self.raw, policy=policy.SMTP)
        recipients = row.recipients.split("\n")
        named = [address for address in recipients if address in str(parsed["To"] or "")]
        hidden = [address for address in recipients if address not in named]
        super().__init__(from_email=row.sender, to=named, bcc=hidden)
        self.subject = str(parsed["Subject"] or "")
        text, html = (parsed.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
        self.body = text.get_content() if text else ""
        if html:
            self.attach_alternative(html.get_content(), "text/html")
        self.extra_headers = {name: str(value) for name, value in parsed.items() if name.casefold() not in MADE_ANEW}
        self.parsed = parsed

    def message(self):
        return self

    def as_bytes(self, unixfrom=False, linesep="\n"):
        """Return the bytes with the line ends that a transport asks for."""
        return linesep.encode().join(self.raw.splitlines())

    def __getitem__(self, name):
        return self.parsed[name]


@task(priority=FIRST)
def deliver(pk):
    """Send one mail; after a failure try again later, for two days, but only once where it may have arrived.

    A worker that dies between the server's answer and the note of it sends again, under the same Message-ID, and so
    does one that cannot write the note.

    Args:
        pk: of the ``QueuedMail``.
    """
    row = QueuedMail.objects.filter(pk=pk, state=QueuedMail.State.WAITING).first()
    if row is None:
        return
    try:
        with transport.Connection() as connection:
            connection.send(_Ready(row))
    except transport.Refused as error:
        _note(row, state=QueuedMail.State.REFUSED, trouble=str(error), raw=b"")
    except transport.MailError as error:
        _try_later(row, error)
    else:
        _note(row, state=QueuedMail.State.SENT, trouble="", sent_on=timezone.now(), raw=b"")


def resume():
    """Try waiting mails later of which no task is left: theirs has failed, as where it found the database locked.

    Returns:
        how many.
    """
    # Read before the tasks: a mail is never there without its task, nor does it wait once that has ended well.
    waiting = list(QueuedMail.objects.filter(state=QueuedMail.State.WAITING).only("attempts", "is_in_doubt"))
    live = DBTaskResult.objects.filter(task_path=deliver.module_path)
    live = live.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    queued = {task["args"][0] for task in live.values_list("args_kwargs", flat=True)} if waiting else set()
    return sum(_try_later(row, transport.Unavailable("task failed")) for row in waiting if row.pk not in queued)


def _note(row, **changes):
    QueuedMail.objects.filter(pk=row.pk).update(attempts=row.attempts + 1, **changes)


@transaction.atomic
def _try_later(row, error):
    """Queue the next try of a mail, or give it up; return whether nobody else has in the meantime."""
    same = QueuedMail.objects.filter(pk=row.pk, state=QueuedMail.State.WAITING, attempts=row.attempts)
    if same.select_for_update().only("pk").first() is None:
        return False
    is_in_doubt = isinstance(error, transport.InDoubt)
    is_last = row.attempts >= len(RETRY_AFTER_MINUTES) or (is_in_doubt and row.is_in_doubt)
    row.is_in_doubt |= is_in_doubt
    if is_last or not deliver.get_backend().supports_defer:
        what = "A mail is given up that may have arrived" if row.is_in_doubt else "A mail could not be delivered"
        logger.error("%s: %s", what, error)
        _note(row, state=QueuedMail.State.GIVEN_UP, trouble=str(error), is_in_doubt=row.is_in_doubt, raw=b"")
        return True
    wait = timedelta(minutes=RETRY_AFTER_MINUTES[row.attempts])
    logger.warning("A mail was not delivered (%s), next try in %s", error, wait)
    _note(row, trouble=str(error), is_in_doubt=row.is_in_doubt)
    deliver.using(run_after=timezone.now() + wait).enqueue(row.pk)
    return True


def give_up_waiting():
    """Give up what waits, such as in a database from a backup, where it may have been sent since; return how many."""
    waiting = QueuedMail.objects.filter(state=QueuedMail.State.WAITING)
    return waiting.update(state=QueuedMail.State.GIVEN_UP, trouble="restored", raw=b"")


def tidy():
    """Remove what became of mails long ago; return how many."""
    before = timezone.now() - timedelta(days=KEEP_DAYS)
    return QueuedMail.objects.exclude(state=QueuedMail.State.WAITING).filter(created__lt=before).delete()[0]
