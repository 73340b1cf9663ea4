"""How often a mail to one person is tried, and what is kept of one that is not tried again; and that it comes first."""

import logging

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import mail, pictures
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
    assert (handler.got, row.attempts, row.state) == (tries, tries, state)
    said = " ".join(record.getMessage() for record in caplog.records)
    assert ("may have arrived" in said) == (state == "given_up" and DOUBT in answers)


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
