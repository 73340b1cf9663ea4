"""What becomes of an issue when the mail server fails at a step, when workers meet, and when one is lost."""

import asyncio
import threading
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from aiosmtpd.smtp import SMTP
from django.core import mail
from django.db import connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import transport
from newsletter import digests, holding, sending
from newsletter.models import Delivery, Digest, Issue
from newsletter.tests.test_digests import digest, published
from newsletter.tests.test_sending import QUEUE, issue_with, run, states, subscriber
from tests.factories import make_article
from tests.mail_server import Controller

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State = Delivery.State
STEPS = ["EHLO", "MAIL", "RCPT", "DATA", "message"]
LATER, NEVER, HANG = "451 4.3.0 Later", "554 5.7.1 Never", "hang"
UNTOUCHED, RETRIED = ("waiting", 0), ("waiting", 1)
EXPECTED = {
    # Nobody is asked about any recipient: nothing is marked.
    "EHLO": dict.fromkeys([LATER, NEVER, HANG], UNTOUCHED),
    # What a server has against the sender, no recipient can help.
    "MAIL": dict.fromkeys([LATER, NEVER, HANG], RETRIED),
    "RCPT": {LATER: RETRIED, NEVER: ("refused", 0), HANG: RETRIED},
    "DATA": {LATER: RETRIED, NEVER: ("refused", 0), HANG: RETRIED},
    "message": {LATER: RETRIED, NEVER: ("refused", 0), HANG: ("in_doubt", 0)},
}


@pytest.fixture(autouse=True)
def queue_and_memory(settings):
    settings.TASKS = QUEUE
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.NEWSLETTER_PER_MINUTE = 0


class Faulty:
    """A handler that answers one step badly, the first times that it comes to it, and keeps who got a mail."""

    def __init__(self, step, fault, times=1):
        self.step, self.fault, self.times = step, fault, times
        self.taken = []

    async def answer(self, step, otherwise):
        if step != self.step or not self.times:
            return otherwise
        self.times -= 1
        if self.fault == HANG:
            await asyncio.sleep(30)
            return otherwise
        return self.fault

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        answer = await self.answer("EHLO", "")
        session.host_name = hostname
        return [answer] if answer else responses

    async def handle_HELO(self, server, session, envelope, hostname):
        return self.fault

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = await self.answer("MAIL", "250 Ok")
        envelope.mail_from = address if answer == "250 Ok" else None
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = await self.answer("RCPT", "250 Ok")
        envelope.rcpt_tos += [address] if answer == "250 Ok" else []
        return answer

    async def handle_DATA(self, server, session, envelope):
        says_no = self.step == "message" and self.times and self.fault != HANG
        # A server that hangs here has kept the message.
        self.taken += [] if says_no else envelope.rcpt_tos
        return await self.answer("message", "250 Ok")


class Server(SMTP):
    async def smtp_DATA(self, arg):
        answer = await self.event_handler.answer("DATA", "")
        if answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


class FaultyController(Controller):
    def factory(self):
        return Server(self.handler, **self.SMTP_kwargs)


@pytest.fixture
def smtp(settings, monkeypatch):
    # However slow the machine is, one round does all there is to do.
    monkeypatch.setattr(sending, "TASK_SECONDS", 200)
    settings.MAIL_TRANSPORT = "core.transport.SMTPBackend"
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "127.0.0.1", "", ""
    started = []

    def start(handler):
        server = FaultyController(handler)
        started.append(server)
        # What is answered at all is answered before that.
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = server.port, 3 if handler.fault == HANG else 10
        monkeypatch.setattr(transport, "ANSWER_SECONDS", settings.EMAIL_TIMEOUT)
        server.start()
        return handler

    yield start
    for server in started:
        server.stop()


@pytest.mark.parametrize("fault", [LATER, NEVER, HANG])
@pytest.mark.parametrize("step", STEPS)
def test_fault_at_a_step_concerns_one_mail_and_nobody_gets_it_twice(site, smtp, step, fault):
    first, second = subscriber(1), subscriber(2)
    issue = issue_with(make_article(site))
    sending.start(issue)
    # A client that is refused in its own words falls back to older ones: both are answered badly.
    handler = smtp(Faulty(step, fault))
    run(issue)
    mine = issue.deliveries.get(subscriber=first)
    assert (mine.state, mine.attempts) == EXPECTED[step][fault]
    assert "@" not in mine.trouble
    if step != "EHLO":
        assert issue.deliveries.get(subscriber=second).state == "sent"
    issue.deliveries.filter(state="waiting").update(due=None)
    run(issue)
    issue.refresh_from_db()
    assert issue.state == "sent"
    got = Counter(handler.taken)
    assert got[second.email] == 1
    assert got[first.email] == (0 if mine.state == "refused" else 1)


def test_server_that_takes_nothing_is_left_alone_for_a_while(site, smtp):
    for number in range(30):
        subscriber(number)
    issue = issue_with(make_article(site))
    sending.start(issue)
    handler = smtp(Faulty("MAIL", "421 4.3.2 Going down", times=1_000))
    run(issue)
    assert issue.deliveries.filter(attempts=1).count() == sending.TROUBLES_IN_A_ROW
    later = DBTaskResult.objects.exclude(run_after__year=9999).get()
    assert later.run_after > timezone.now() + timedelta(seconds=30)
    # Who was not asked about comes before who was.
    issue.deliveries.filter(attempts=1).update(due=timezone.now())
    run(issue)
    assert issue.deliveries.filter(attempts=1).count() == 2 * sending.TROUBLES_IN_A_ROW
    handler.times = 0
    issue.deliveries.exclude(due=None).update(due=timezone.now())
    run(issue)
    assert states(issue) == ["sent"] * 30


def test_recipient_whom_the_server_never_takes_is_given_up_in_the_end(site, smtp):
    subscriber(1)
    issue = issue_with(make_article(site))
    sending.start(issue)
    smtp(Faulty("RCPT", LATER, times=1_000))
    waits = []
    while states(issue) == ["waiting"]:
        run(issue)
        waits += [due - timezone.now() for due in issue.deliveries.values_list("due", flat=True) if due]
        issue.deliveries.update(due=None)
    assert [round(wait.total_seconds() / 60) for wait in waits] == list(sending.RETRY_AFTER_MINUTES)
    assert issue.deliveries.get().trouble == "451 4.3.0"
    issue.refresh_from_db()
    assert (states(issue), issue.state) == (["refused"], "sent")


def test_mail_marked_by_a_worker_that_lost_its_hold_does_not_stay_marked(site):
    subscriber(1)
    subscriber(2)
    issue = issue_with(make_article(site))
    sending.start(issue)
    lost = issue.deliveries.order_by("pk").first()
    word = holding.take(issue.pk)
    # The one before comes back late, marks its mail, and is never heard of again.
    Delivery.objects.filter(pk=lost.pk).update(state=State.SENDING)
    assert sending._Round(issue.pk, word).run() == holding.HOLD
    issue.refresh_from_db()
    assert issue.state == "sending"
    holding.release(issue.pk, word, timedelta())
    run(issue)
    issue.refresh_from_db()
    assert (issue.state, states(issue)) == ("sent", ["in_doubt", "sent"])


def test_answer_that_comes_after_the_hold_was_lost_still_counts(site, monkeypatch):
    subscriber(1)
    issue = issue_with(make_article(site))
    sending.start(issue)
    real = transport.Connection.send

    def late(self, message):
        real(self, message)
        Issue.objects.update(held_until=timezone.now() - timedelta(seconds=1))
        assert holding.take(issue.pk)
        assert states(issue) == ["in_doubt"]

    monkeypatch.setattr(transport.Connection, "send", late)
    run(issue)
    assert states(issue) == ["sent"]
    assert len(mail.outbox) == 1


def test_rate_below_a_mail_each_round_does_not_keep_the_worker(site, settings, monkeypatch):
    settings.NEWSLETTER_PER_MINUTE = 1
    slept = []
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: 1000.0, sleep=slept.append))
    subscriber(1)
    subscriber(2)
    issue = issue_with(make_article(site))
    sending.start(issue)
    run(issue)
    assert states(issue) == ["sent", "waiting"]
    assert slept == [0]
    later = DBTaskResult.objects.exclude(run_after__year=9999).get()
    assert timedelta(seconds=50) < later.run_after - timezone.now() < timedelta(seconds=61)


def test_mails_keep_their_distance(site, settings, monkeypatch):
    settings.NEWSLETTER_PER_MINUTE = 120
    slept = []
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: 1000.0, sleep=slept.append))
    subscriber(1)
    subscriber(2)
    issue = issue_with(make_article(site))
    sending.start(issue)
    run(issue)
    assert slept == [0, 0.5]


def at_once(*functions):
    """Call functions in threads of their own, as close together as they come; return what they returned."""
    ready, results = threading.Barrier(len(functions)), []

    def call(function):
        ready.wait()
        try:
            results.append(function())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_at_once_send_each_mail_once(new_site):
    for number in range(10):
        subscriber(number)
    issue = issue_with(make_article(new_site))
    sending.start(issue)
    at_once(*[lambda: run(issue)] * 3)
    assert sorted(Counter(message.to[0] for message in mail.outbox).values()) == [1] * 10
    assert states(issue) == ["sent"] * 10


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_that_press_send_at_once_begin_it_once(new_site):
    subscriber(1)
    issue = issue_with(make_article(new_site))
    assert sorted(at_once(*[lambda: sending.start(Issue.objects.get(pk=issue.pk))] * 3)) == [False, False, True]
    assert issue.deliveries.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_schedulers_at_once_make_one_issue(new_site):
    published(new_site, "New", timedelta(days=20))
    digest("weekly")
    assert sorted(at_once(digests.assemble_due, digests.assemble_due)) == [0, 1]
    assert Issue.objects.count() == Digest.objects.count() == 1
