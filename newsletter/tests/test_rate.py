"""An issue is sent no faster than the operator said, whatever ends a round and whoever stops it and goes on."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from newsletter import sending
from newsletter.models import Delivery
from newsletter.tests.test_sending import QUEUE, issue_with, subscriber
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Clock:
    """A worker's clock, which goes on where it sleeps and while a mail is on its way."""

    def __init__(self, monkeypatch):
        self.began, self.passed, self.sent = timezone.now(), 0.0, []
        monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: 1000 + self.passed, sleep=self.sleep))
        monkeypatch.setattr(timezone, "now", lambda: self.began + timedelta(seconds=self.passed))
        one = sending._Round._one

        def noted(round_, connection, delivery):
            self.sent.append(self.passed)
            one(round_, connection, delivery)
            self.sleep(0.05)

        monkeypatch.setattr(sending._Round, "_one", noted)

    def sleep(self, seconds):
        self.passed += seconds

    @property
    def gaps(self):
        return [later - before for before, later in zip(self.sent, self.sent[1:], strict=False)]

    def work(self):
        """Do the task that waits for the shortest time, as the worker does it; return whether there was one."""
        waiting = DBTaskResult.objects.filter(task_path=sending.send.module_path, status=TaskResultStatus.READY)
        due = {row: timezone.now() if row.run_after == get_date_max() else row.run_after for row in waiting}
        if not due:
            return False
        row = min(due, key=due.get)
        self.passed = max(self.passed, (due[row] - self.began).total_seconds())
        row.delete()
        sending.send.func(*row.args_kwargs["args"])
        return True


@pytest.fixture
def clock(monkeypatch, settings):
    settings.TASKS = QUEUE
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    return Clock(monkeypatch)


@pytest.fixture
def issue(site, clock):
    for number in range(6):
        subscriber(number)
    return issue_with(make_article(site))


def stop_and_go_on(issue):
    assert sending.stop(issue)
    assert sending.go_on(issue)


@pytest.mark.parametrize("rate", [1, 12, 50])
def test_mails_keep_their_distance_from_round_to_round(clock, issue, settings, rate):
    settings.NEWSLETTER_PER_MINUTE = rate
    sending.start(issue)
    while clock.work():
        pass
    assert len(mail.outbox) == 6
    assert min(clock.gaps) >= 60 / rate - 0.01
    assert clock.sent[-1] < 5 * 60 / rate + 5


@pytest.mark.parametrize("rate", [1, 12])
def test_who_stops_and_goes_on_makes_it_no_faster(clock, issue, settings, rate):
    settings.NEWSLETTER_PER_MINUTE = rate
    sending.start(issue)
    stop_and_go_on(issue)
    while clock.work():
        for _press in range(3):
            if sending.stop(issue):
                sending.go_on(issue)
        assert DBTaskResult.objects.filter(task_path=sending.send.module_path).count() <= 1
    assert len(mail.outbox) == 6
    assert min(clock.gaps) >= 60 / rate - 0.01


def test_who_sends_mails_again_makes_it_no_faster(clock, issue, settings):
    settings.NEWSLETTER_PER_MINUTE = 1
    sending.start(issue)
    while clock.work():
        pass
    Delivery.objects.update(state=Delivery.State.IN_DOUBT)
    for delivery in Delivery.objects.all():
        assert sending.send_again(delivery)
    while clock.work():
        pass
    assert len(mail.outbox) == 12
    assert min(clock.gaps) >= 59.9


def test_go_on_while_a_mail_is_on_its_way_makes_it_no_faster(clock, issue, settings, monkeypatch):
    settings.NEWSLETTER_PER_MINUTE = 12
    one = sending._Round._one

    def pressed(*args):
        one(*args)
        stop_and_go_on(issue)

    monkeypatch.setattr(sending._Round, "_one", pressed)
    sending.start(issue)
    while clock.work():
        pass
    assert len(mail.outbox) == 6
    assert min(clock.gaps) >= 4.9
