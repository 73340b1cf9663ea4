"""Sending an issue: nobody twice, whatever dies in between, and as fast as the mail server is asked.

Each mail is marked as being sent before the server gets it, and as sent after the answer. What a worker leaves marked
as being sent, nobody can know: it is in doubt, and only a person sends it again (docs/decisions/0018).
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from core import letters, transport
from newsletter import holding, queueing, suppression
from newsletter.models import Delivery, Issue, Subscriber, Suppression
from newsletter.rendering import Edition

logger = logging.getLogger("portal.newsletter")
State = Delivery.State

# Other mail waits so long for an issue, and for the mail that is under way then.
TASK_SECONDS = 10
# A task that has not come so long after it was due is lost.
LEFT_FOR = timedelta(seconds=60)
AT_ONCE = 200
PREPARED_AT_ONCE = 1_000
RETRY_AFTER_MINUTES = (1, 5, 15, 60, 180)
SERVER_DOWN_MINUTES = 1
# So many mails in a row that were not taken are the server's trouble, not theirs.
TROUBLES_IN_A_ROW = 10
PRIORITY = -20


def recipients(issue):
    """Yield (id, topics) of the subscribers that an issue is for, at this moment."""
    found = Subscriber.objects.filter(state=Subscriber.State.ACTIVE, language=issue.locale.language_code)
    found = found.filter(frequency=issue.frequency) if issue.frequency else found
    topic = str(issue.topic.translation_key) if issue.topic else None
    # Who chose no topics is interested in all of them.
    for pk, topics in found.order_by("pk").values_list("pk", "topics").iterator(PREPARED_AT_ONCE):
        if topic is None or not topics or topic in topics:
            yield pk, topics


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
    for pk, _topics in recipients(issue):
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
            queueing.queue(send, issue.pk, queueing.apart(send))
    return bool(stopped)


def resume():
    """Queue the sending of issues that nobody has come back to, such as after a crash; return how many."""
    left = Issue.objects.filter(state=Issue.State.SENDING, held_until__lt=timezone.now() - LEFT_FOR)
    found = list(left.values_list("pk", flat=True))
    for pk in found:
        Issue.objects.filter(pk=pk, holder="").update(held_until=timezone.now())
        queueing.queue(send, pk)
    return len(found)


def send_again(delivery):
    """Send a mail that is in doubt or was refused once more, under the same Message-ID; return whether it was.

    A person decides that: what is in doubt may have arrived.
    """
    with transaction.atomic():
        # Locked, so that the issue does not end between the two changes.
        Issue.objects.select_for_update().get(pk=delivery.issue_id)
        unsure = Delivery.objects.filter(pk=delivery.pk, state__in=[State.IN_DOUBT, State.REFUSED])
        again = unsure.filter(subscriber__isnull=False).update(state=State.WAITING, attempts=0, due=None, trouble="")
        if again:
            sent = Issue.objects.filter(pk=delivery.issue_id, state=Issue.State.SENT)
            sent.update(state=Issue.State.SENDING, held_until=timezone.now())
            queueing.queue(send, delivery.issue_id, queueing.apart(send))
    return bool(again)


# Sending ------------------------------------------------------------------------------------
@task(priority=PRIORITY)
def send(pk):
    """Send an issue for some seconds, and queue the rest (background task).

    Args:
        pk: of the ``Issue``.
    """
    word = holding.take(pk)
    if word is None:
        return
    wait = None
    try:
        wait = _Round(pk, word).run()
    finally:
        holding.release(pk, word, wait or timedelta())
    if wait is not None:
        queueing.queue(send, pk, wait, min(wait, queueing.apart(send)))


class _Round:
    """What one task does of an issue."""

    def __init__(self, pk, word):
        self.pk = pk
        self.word = word
        self.issue = Issue.objects.select_related("locale", "topic").get(pk=pk)
        self.edition = Edition(self.issue)
        self.ends = time.monotonic() + TASK_SECONDS
        self.next_turn = 0.0
        self.in_a_row = 0
        self.has_taken = False
        # (subscriber, delivery) refused as not there since the server last took a mail.
        self.not_there = []

    def run(self):
        """Send; return how long the rest has to wait, or None where there is no rest."""
        with transport.Connection() as connection:
            wait = self._send_all(connection)
        if self.has_taken:
            self._suppress()
        if wait is None:
            return None
        to_turn = timedelta(seconds=self.next_turn - time.monotonic())
        return max(wait, min(to_turn, queueing.apart(send)))

    def _send_all(self, connection):
        while deliveries := self._next():
            for delivery in deliveries:
                if time.monotonic() > self.ends:
                    return timedelta()
                if pause := self._wait_for_turn():
                    return pause
                try:
                    connection.open()
                except transport.Unavailable as error:
                    return self._server_is_down(error)
                # After opening, which may take as long as the hold.
                if not holding.renew(self.pk, self.word):
                    return None
                self._one(connection, delivery)
                if self.in_a_row >= TROUBLES_IN_A_ROW:
                    return self._server_is_down("takes nothing")
        return self._rest()

    def _wait_for_turn(self):
        """Keep to the rate; return how long it still is to the next turn where this round ends before."""
        pause = max(0, self.next_turn - time.monotonic())
        if time.monotonic() + pause > self.ends + 1:
            return timedelta(seconds=pause)
        time.sleep(pause)
        return None

    def _next(self):
        """Return what may be sent now: first whom the server was not asked about yet, so that all have their turn."""
        waiting = Delivery.objects.filter(issue=self.pk, state=State.WAITING)
        fresh, due = waiting.filter(due=None).order_by("pk"), waiting.filter(due__lte=timezone.now()).order_by("due")
        return list(fresh[:AT_ONCE]) or list(due[:AT_ONCE])

    @transaction.atomic
    def _rest(self):
        """Return when what could not be sent yet is due; where nothing waits, the issue is sent."""
        # Locked against ``send_again``, which may add to it just now.
        held = Issue.objects.select_for_update().filter(pk=self.pk, state=Issue.State.SENDING, holder=self.word)
        if held.first() is None:
            return None
        under_way = Delivery.objects.filter(issue=self.pk, state__in=[State.WAITING, State.SENDING])
        rest = under_way.aggregate(due=models.Min("due"), number=models.Count("pk"))
        if rest["due"]:
            return max(rest["due"] - timezone.now(), timedelta(seconds=1))
        if rest["number"]:
            # In the hands of a worker that lost its hold: it still says what became of the mail, or never will.
            return holding.HOLD
        held.update(state=Issue.State.SENT, finished_on=timezone.now())
        return None

    def _one(self, connection, delivery):
        subscriber = Subscriber.objects.filter(pk=delivery.subscriber_id, state=Subscriber.State.ACTIVE).first()
        if subscriber is None or not self.edition.is_for(subscriber.topics):
            self._note(delivery, State.WAITING, state=State.LEFT_OUT)
            return
        message = self.edition.message(subscriber, delivery.message_id, delivery.pk)
        if not self._note(delivery, State.WAITING, state=State.SENDING):
            return
        if settings.NEWSLETTER_PER_MINUTE:
            self.next_turn = time.monotonic() + 60 / settings.NEWSLETTER_PER_MINUTE
        self.in_a_row += 1
        try:
            connection.send(message)
        except transport.Unavailable as error:
            self._later(delivery, str(error))
        except transport.Refused as error:
            self._note(delivery, State.SENDING, state=State.REFUSED, trouble=str(error))
            self.not_there += [(subscriber, delivery)] if error.is_no_such_address else []
        except transport.InDoubt as error:
            self._note(delivery, State.SENDING, state=State.IN_DOUBT, trouble=str(error))
        else:
            self._note(delivery, State.SENDING, State.IN_DOUBT, state=State.SENT, sent_on=timezone.now(), trouble="")
            self.in_a_row, self.has_taken = 0, True
            self._suppress()

    def _note(self, delivery, *before, **changes):
        """Change a delivery that is in one of some states; return whether it was."""
        return bool(Delivery.objects.filter(pk=delivery.pk, state__in=before).update(**changes))

    def _suppress(self):
        """Delete whom the server does not know: it takes the mail of others, so it is not itself at fault."""
        for subscriber, delivery in self.not_there:
            suppression.suppress(subscriber, Suppression.Reason.BOUNCED, delivery)
        self.not_there.clear()

    def _later(self, delivery, trouble):
        attempts = delivery.attempts
        if attempts >= len(RETRY_AFTER_MINUTES):
            self._note(delivery, State.SENDING, state=State.REFUSED, trouble=trouble)
            return
        due = timezone.now() + timedelta(minutes=RETRY_AFTER_MINUTES[attempts])
        changes = {"attempts": F("attempts") + 1, "due": due, "trouble": trouble}
        self._note(delivery, State.SENDING, state=State.WAITING, **changes)

    def _server_is_down(self, trouble):
        logger.warning("Mail server unavailable (%s), the issue waits", trouble)
        # What a server in trouble said of addresses counts for nothing.
        self.not_there.clear()
        return timedelta(minutes=SERVER_DOWN_MINUTES)
