"""A server that refuses addresses ends subscriptions only while it takes the mail of others."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from newsletter import sending
from newsletter.models import Issue, Subscriber, Suppression
from newsletter.tests.test_sending import QUEUE, Answers, issue_with, run, smtp, states, subscriber
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ROW = sending.TROUBLES_IN_A_ROW
GONE = "550 5.1.1 No such user"


class Relay(Answers):
    """A handler that answers as told: all recipients, and after the words of a mail, or with silence."""

    def __init__(self, recipient="", words="250 Ok", **answers):
        super().__init__(**answers)
        self.recipient, self.words = recipient, words

    async def handle_RCPT(self, server, session, envelope, address, options):
        return self.recipient or await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):
        if not self.words:
            server.transport.close()
        return self.words or "250 Ok"


@pytest.fixture
def send(site, settings):
    """Return a function that sends an issue to so many, over a server with a handler; it returns the issue."""
    settings.TASKS, settings.NEWSLETTER_PER_MINUTE = QUEUE, 0
    started = []

    def send(number, handler):
        for one in range(number):
            subscriber(one)
        issue = issue_with(make_article(site))
        sending.start(issue)
        server = smtp(settings, handler)
        started.append(server)
        server.start()
        run(issue)
        return issue

    yield send
    for server in started:
        server.stop()


@pytest.mark.parametrize(
    ("relay", "state"),
    [
        ({"recipient": "550 Relaying denied"}, "refused"),
        ({"recipient": GONE}, "refused"),
        ({"words": GONE}, "refused"),
        ({"words": ""}, "in_doubt"),
    ],
)
def test_server_that_takes_nothing_is_asked_ten_times_and_ends_no_subscription(send, monkeypatch, relay, state):
    monkeypatch.setattr(sending, "TASK_SECONDS", 200)
    handler = Relay(**relay)
    issue = send(ROW + 3, handler)
    assert states(issue) == sorted([state] * ROW + ["waiting"] * 3)
    later = DBTaskResult.objects.exclude(run_after__year=9999).get()
    assert later.run_after > timezone.now() + timedelta(seconds=30)
    # What it takes afterwards says nothing of those whom it refused before.
    handler.recipient, handler.words = "", "250 Ok"
    run(issue)
    assert states(issue) == sorted([state] * ROW + ["sent"] * 3)
    assert Subscriber.objects.count() == ROW + 3
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("number", [0, 2])
def test_address_that_is_not_there_ends_the_subscription_when_another_is_taken(send, number):
    issue = send(3, Relay(**{f"reader_{number}": GONE}))
    gone = issue.deliveries.get(state="refused")
    assert (gone.subscriber, gone.has_bounced) == (None, True)
    assert Subscriber.objects.count() == 2
    assert Suppression.objects.get().reason == "bounced"


@pytest.mark.parametrize("reply", ["550 No", "551 No", "553 No", "550 5.7.1 No"])
def test_refusal_that_does_not_speak_of_the_address_ends_no_subscription(send, reply):
    issue = send(2, Relay(reader_0=reply))
    assert states(issue) == ["refused", "sent"]
    assert Subscriber.objects.count() == 2


def test_only_subscriber_stays_whatever_the_server_says(send):
    issue = send(1, Relay(recipient=GONE))
    assert (states(issue), Subscriber.objects.count()) == (["refused"], 1)
    assert Issue.objects.get().state == "sent"
