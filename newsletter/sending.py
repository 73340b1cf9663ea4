"""Sending an issue: nobody twice, whatever dies in between, and as fast as the mail server is asked.

Each mail is marked as being sent before the server gets it, and as sent after the answer. What a worker leaves marked
as being sent, nobody can know: it is in doubt, and only a person sends it again (docs/decisions/0018).
"""

import logging
import re
import secrets
import time
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from core import letters, transport
from newsletter import suppression
from newsletter.models import Delivery, Issue, Subscriber, Suppression
from newsletter.rendering import Edition

logger = logging.getLogger("portal.newsletter")
State = Delivery.State

# Other mail waits no longer than this for an issue.
TASK_SECONDS = 10
# Longer than a mail can take that hangs at every step.
HOLD = timedelta(seconds=90)
# A task that has not come so long after it was due is lost.
LEFT_FOR = timedelta(seconds=60)
AT_ONCE = 200
PREPARED_AT_ONCE = 1_000
RETRY_AFTER_MINUTES = (1, 5, 15, 60, 180)
SERVER_DOWN_MINUTES = 1
PRIORITY = -20
# Replies that say that the address is no good; others speak of the mail or of us.
NO_SUCH_ADDRESS = re.compile(r"^55[013]( 5\.[12]\.|$)")


def recipients(issue):
    """Yield the ids of the subscribers that an issue is for, at this moment."""
    found = Subscriber.objects.filter(state=Subscriber.State.ACTIVE, language=issue.locale.language_code)
    found = found.filter(frequency=issue.frequency) if issue.frequency else found
    topic = str(issue.topic.translation_key) if issue.topic else None
    # Who chose no topics is interested in all of them.
    for pk, topics in found.order_by("pk").values_list("pk", "topics").iterator(PREPARED_AT_ONCE):
        if topic is None or not topics or topic in topics:
            yield pk


# States of an issue -------------------------------------------------------------------------
def start(issue, states=(Issue.State.DRAFT, Issue.State.SCHEDULED)):
    """Begin to send an issue, unless somebody else did; return whether it was begun.

    Args:
        issue: the ``Issue``.
        states: from which it may begin.
    """
    with transaction.atomic():
        begun = Issue.objects.filter(pk=issue.pk, state__in=states).update(
            state=Issue.State.SENDING, started_on=timezone.now(), finished_on=None, held_until=timezone.now()
        )
        if begun:
            issue.refresh_from_db()
            _prepare(issue)
            send.enqueue(issue.pk)
    return bool(begun)


def _prepare(issue):
    """Write down who gets it."""
    rows = []
    for pk in recipients(issue):
        rows.append(Delivery(issue=issue, subscriber_id=pk, message_id=letters.new_message_id()))
        if len(rows) == PREPARED_AT_ONCE:
            Delivery.objects.bulk_create(rows)
            rows = []
    Delivery.objects.bulk_create(rows)


def schedule(issue, moment):
    """Let an issue be sent at a time; return whether it was a draft or scheduled already."""
    waiting = Issue.objects.filter(pk=issue.pk, state__in=[Issue.State.DRAFT, Issue.State.SCHEDULED])
    return bool(waiting.update(state=Issue.State.SCHEDULED, send_at=moment))


def unschedule(issue):
    """Make a scheduled issue a draft again; return whether it was scheduled."""
    scheduled = Issue.objects.filter(pk=issue.pk, state=Issue.State.SCHEDULED)
    return bool(scheduled.update(state=Issue.State.DRAFT, send_at=None))


def start_due():
    """Begin what is scheduled for now or before; return how many."""
    due = Issue.objects.filter(state=Issue.State.SCHEDULED, send_at__lte=timezone.now())
    return sum(start(issue, [Issue.State.SCHEDULED]) for issue in due)


def stop(issue):
    """Stop sending after the mail that is on its way; return whether it was being sent."""
    return bool(Issue.objects.filter(pk=issue.pk, state=Issue.State.SENDING).update(state=Issue.State.STOPPED))


def go_on(issue):
    """Go on with what was stopped; return whether it was."""
    with transaction.atomic():
        stopped = Issue.objects.filter(pk=issue.pk, state=Issue.State.STOPPED)
        if stopped := stopped.update(state=Issue.State.SENDING, held_until=timezone.now()):
            send.enqueue(issue.pk)
    return bool(stopped)


def resume():
    """Queue the sending of issues that nobody has come back to, such as after a crash; return how many."""
    left = Issue.objects.filter(state=Issue.State.SENDING, held_until__lt=timezone.now() - LEFT_FOR)
    found = list(left.values_list("pk", flat=True))
    for pk in found:
        Issue.objects.filter(pk=pk, holder="").update(held_until=timezone.now())
        send.enqueue(pk)
    return len(found)


def send_again(delivery):
    """Send a mail that is in doubt or was refused once more, under the same Message-ID; return whether it was.

    A person decides that: what is in doubt may have arrived.
    """
    with transaction.atomic():
        unsure = Delivery.objects.filter(pk=delivery.pk, state__in=[State.IN_DOUBT, State.REFUSED])
        again = unsure.filter(subscriber__isnull=False).update(state=State.WAITING, attempts=0, due=None, trouble="")
        if again:
            sent = Issue.objects.filter(pk=delivery.issue_id, state=Issue.State.SENT)
            sent.update(state=Issue.State.SENDING, held_until=timezone.now())
            send.enqueue(delivery.issue_id)
    return bool(again)


# Holding it ---------------------------------------------------------------------------------
def _is_free():
    return Q(holder="") | Q(held_until__lt=timezone.now())


def _hold(pk):
    """Take an issue for this worker; return the word by which it holds it, or None where another one does."""
    word = secrets.token_hex(16)
    free = Issue.objects.filter(pk=pk, state=Issue.State.SENDING).filter(_is_free())
    with transaction.atomic():
        if not free.update(holder=word, held_until=timezone.now() + HOLD):
            return None
        # Whoever held it before is gone, and nobody knows what became of the mail in its hands.
        left = Delivery.objects.filter(issue=pk, state=State.SENDING)
        left.update(state=State.IN_DOUBT, trouble="")
    return word


def _still_holds(pk, word):
    held = Issue.objects.filter(pk=pk, state=Issue.State.SENDING, holder=word)
    return bool(held.update(held_until=timezone.now() + HOLD))


def _let_go(pk, word, wait):
    """Let the next task take the issue, which comes after a while."""
    Issue.objects.filter(pk=pk, holder=word).update(holder="", held_until=timezone.now() + wait)


# Sending ------------------------------------------------------------------------------------
@task(priority=PRIORITY)
def send(pk):
    """Send an issue for some seconds, and queue the rest (background task).

    Args:
        pk: of the ``Issue``.
    """
    word = _hold(pk)
    if word is None:
        return
    wait = None
    try:
        wait = _Round(pk, word).run()
    finally:
        _let_go(pk, word, wait or timedelta())
    if wait is None:
        return
    if wait and send.get_backend().supports_defer:
        send.using(run_after=timezone.now() + wait).enqueue(pk)
    elif not wait:
        send.enqueue(pk)


class _Round:
    """What one task does of an issue."""

    def __init__(self, pk, word):
        self.pk = pk
        self.word = word
        self.issue = Issue.objects.select_related("locale", "topic").get(pk=pk)
        self.edition = Edition(self.issue)
        self.ends = time.monotonic() + TASK_SECONDS

    def run(self):
        """Send; return how long the rest has to wait, or None where there is no rest."""
        with transport.Connection() as connection:
            while deliveries := self._next():
                for delivery in deliveries:
                    if time.monotonic() > self.ends:
                        return timedelta()
                    if not _still_holds(self.pk, self.word):
                        return None
                    try:
                        connection.open()
                    except transport.Unavailable as error:
                        logger.warning("Mail server unavailable (%s), the issue waits", error)
                        return timedelta(minutes=SERVER_DOWN_MINUTES)
                    self._one(connection, delivery)
        return self._rest()

    def _next(self):
        now = timezone.now()
        waiting = Delivery.objects.filter(issue=self.pk, state=State.WAITING).filter(Q(due=None) | Q(due__lte=now))
        return list(waiting.select_related("subscriber").order_by("pk")[:AT_ONCE])

    def _rest(self):
        """Return when what could not be sent yet is due; where nothing waits, the issue is sent."""
        next_due = Delivery.objects.filter(issue=self.pk, state=State.WAITING).aggregate(due=models.Min("due"))["due"]
        if next_due:
            return max(next_due - timezone.now(), timedelta(seconds=1))
        held = Issue.objects.filter(pk=self.pk, state=Issue.State.SENDING, holder=self.word)
        held.update(state=Issue.State.SENT, finished_on=timezone.now())
        return None

    def _one(self, connection, delivery):
        began = time.monotonic()
        subscriber = Subscriber.objects.filter(pk=delivery.subscriber_id, state=Subscriber.State.ACTIVE).first()
        if subscriber is None or not self.edition.is_for(subscriber):
            self._note(delivery, State.WAITING, state=State.LEFT_OUT)
            return
        message = self.edition.message(subscriber, delivery.message_id, delivery.pk)
        if not self._note(delivery, State.WAITING, state=State.SENDING):
            return
        try:
            connection.send(message)
        except transport.Refused as error:
            self._refused(delivery, subscriber, str(error))
        except transport.InDoubt as error:
            self._note(delivery, State.SENDING, state=State.IN_DOUBT, trouble=str(error))
        except transport.Unavailable as error:
            self._later(delivery, str(error))
        else:
            self._note(delivery, State.SENDING, State.IN_DOUBT, state=State.SENT, sent_on=timezone.now(), trouble="")
        _keep_to_the_rate(began)

    def _note(self, delivery, *before, **changes):
        """Change a delivery that is in one of some states; return whether it was."""
        return bool(Delivery.objects.filter(pk=delivery.pk, state__in=before).update(**changes))

    def _refused(self, delivery, subscriber, trouble):
        with transaction.atomic():
            self._note(delivery, State.SENDING, state=State.REFUSED, trouble=trouble)
            if NO_SUCH_ADDRESS.match(trouble):
                suppression.suppress(subscriber, Suppression.Reason.BOUNCED, delivery)

    def _later(self, delivery, trouble):
        attempts = delivery.attempts
        if attempts >= len(RETRY_AFTER_MINUTES):
            self._note(delivery, State.SENDING, state=State.REFUSED, trouble=trouble)
            return
        due = timezone.now() + timedelta(minutes=RETRY_AFTER_MINUTES[attempts])
        changes = {"attempts": F("attempts") + 1, "due": due, "trouble": trouble}
        self._note(delivery, State.SENDING, state=State.WAITING, **changes)


def _keep_to_the_rate(began):
    """Wait until the next mail may go, counted from when this one began."""
    if settings.NEWSLETTER_PER_MINUTE:
        time.sleep(max(0, 60 / settings.NEWSLETTER_PER_MINUTE - (time.monotonic() - began)))
