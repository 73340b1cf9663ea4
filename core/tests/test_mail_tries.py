"""How often a mail to one person is tried, and what is kept of one that is not tried again; and that it comes first."""

import logging
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import mail, pictures, transport
from tests.mail_server import Controller

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ALL = len(mail.RETRY_AFTER_MINUTES) + 1
DOUBT, AWAY = "no answer", "421 4.3.2 Away"


class Answering:
    """A handler that answers the words of each mail as told, hangs up instead of it, or takes what comes after."""

    def __init__(self, *answers):
        self.answers, self.got = list(answers), 0

    async def handle_DATA(self, server, session, envelope):
        self.got += 1
        answer = self.answers.pop(0) if self.answers else "250 Kept"
        if answer == DOUBT:
            server.transport.close()
        return answer


@pytest.fixture
def serve(settings):
    """Return a function that starts a mail server; mail waits in the database for it."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.MAIL_TRANSPORT = "core.transport.SMTPBackend"
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    started = []

    def serve(*answers):
        server = Controller(Answering(*answers))
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 10
        started.append(server)
        server.start()
        return server.handler

    yield serve
    for server in started:
        server.stop()


def queue():
    return mail.queue(EmailMessage("One", "Words", "portal@example.org", ["reader@example.org"]))


def deliver_all(row):
    """Do what the worker does with a mail, until no task of it is left."""
    while task := DBTaskResult.objects.filter(status="READY").first():
        task.delete()
        mail.deliver.func(row.pk)
    row.refresh_from_db()


@pytest.mark.parametrize(
    ("answers", "tries", "state"),
    [
        ([DOUBT], 2, "sent"),
        ([DOUBT] * ALL, 2, "given_up"),
        ([AWAY, DOUBT, AWAY, AWAY, DOUBT], 5, "given_up"),
        ([DOUBT] + [AWAY] * (ALL - 2), ALL, "sent"),
        ([DOUBT] + [AWAY] * ALL, ALL, "given_up"),
        ([AWAY] * ALL, ALL, "given_up"),
        (["554 5.7.1 Never"], 1, "refused"),
    ],
)
def test_mail_in_doubt_is_sent_once_more_and_one_that_was_not_taken_for_two_days(serve, caplog, answers, tries, state):
    caplog.set_level(logging.ERROR, "portal.mail")
    handler, row = serve(*answers), queue()
    deliver_all(row)
    assert (handler.got, row.attempts, row.state, bytes(row.raw)) == (tries, tries, state, b"")
    said = " ".join(record.getMessage() for record in caplog.records)
    assert ("may have arrived" in said) == (state == "given_up" and DOUBT in answers)


def fail(task):
    """Leave a task as the worker leaves one that raised an error."""
    DBTaskResult.objects.filter(pk=task.pk).update(status="FAILED", finished_at=timezone.now())


def test_mail_whose_task_failed_is_tried_again_but_not_for_ever(serve, monkeypatch):
    handler, row = serve(), queue()
    # The database is locked when the answer is to be written down.
    with monkeypatch.context() as patched:
        patched.setattr(mail, "_note", Mock(side_effect=OperationalError))
        with pytest.raises(OperationalError):
            mail.deliver.func(row.pk)
    for number in range(ALL):
        assert mail.resume() == 0
        fail(DBTaskResult.objects.get(status="READY"))
        assert mail.resume() == 1
        row.refresh_from_db()
        assert (row.attempts, row.state) == (number + 1, "given_up" if number == ALL - 1 else "waiting")
    assert (mail.resume(), handler.got) == (0, 1)


def test_mail_whose_task_failed_arrives_with_the_next(serve):
    handler, row = serve(), queue()
    fail(DBTaskResult.objects.get())
    assert mail.resume() == 1
    deliver_all(row)
    assert (handler.got, row.state) == (1, "sent")


def test_two_schedulers_queue_a_mail_once(serve):
    row = queue()
    fail(DBTaskResult.objects.get())
    error = transport.Unavailable("task failed")
    assert [mail._try_later(row, error) for _scheduler in range(2)] == [True, False]
    assert DBTaskResult.objects.filter(status="READY").count() == 1


def test_mails_that_wait_for_their_turn_are_left_alone_in_two_queries(serve, django_assert_num_queries):
    for _number in range(30):
        queue()
    tasks = list(DBTaskResult.objects.all())
    DBTaskResult.objects.filter(pk=tasks[0].pk).update(status="RUNNING")
    DBTaskResult.objects.filter(pk=tasks[1].pk).update(run_after=timezone.now() + timedelta(hours=24))
    with django_assert_num_queries(2):
        assert mail.resume() == 0


def test_scheduler_takes_up_mails_whose_task_failed(serve, monkeypatch):
    row = queue()
    fail(DBTaskResult.objects.get())
    monkeypatch.setattr("portal.management.commands.scheduler.close_old_connections", lambda: None)
    call_command("scheduler", once=True)
    again = DBTaskResult.objects.get(status="READY", task_path=mail.deliver.module_path)
    assert again.args_kwargs["args"] == [row.pk]


def test_mail_comes_before_the_pictures_that_were_queued_first_and_so_does_its_next_try(serve):
    for number in range(3):
        pictures.make_all.enqueue(number)
    serve(AWAY)
    row = queue()
    for _try in range(2):
        task = DBTaskResult.objects.ready().first()
        assert task.task_path == mail.deliver.module_path
        task.delete()
        mail.deliver.func(row.pk)
        DBTaskResult.objects.filter(run_after__year__lt=9999).update(run_after=timezone.now())
    assert DBTaskResult.objects.ready().first().task_path == pictures.make_all.module_path
