"""A background task that fails is in the log, with the worker as the service starts it."""

import logging
import signal

import pytest
from django.core.management import call_command
from django_tasks import task

from portal.management.commands import serve

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.database]
LOGGERS = ("django_tasks", "django_tasks_db")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)


@task()
def find(address):
    raise LookupError(f"Nobody has the address {address}")


@task()
def do_nothing():
    pass


@pytest.fixture
def work(settings):
    """A function that does what is in the queue; the worker changes loggers and signals of its process."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    levels, handlers = [logging.getLogger(name).level for name in LOGGERS], [signal.getsignal(it) for it in SIGNALS]
    command = serve.commands("127.0.0.1", 8000, 1, "editors")["worker"]
    options = command[command.index("db_worker") + 1 :]
    yield lambda: call_command("db_worker", *options, "--batch", "--no-startup-delay")
    for name, level in zip(LOGGERS, levels, strict=True):
        logging.getLogger(name).setLevel(level)
    for number, handler in zip(SIGNALS, handlers, strict=True):
        signal.signal(number, handler)


def test_task_that_fails_is_in_the_log_with_its_place_and_without_an_address(work, caplog):
    do_nothing.enqueue()
    find.enqueue("reader@example.org")
    work()
    [line] = [record.getMessage() for record in caplog.records if record.name == "portal.tasks"]
    assert line.startswith("tests.test_failed_tasks.find failed: builtins.LookupError\n")
    assert f'{__file__}", line' in line.splitlines()[-1]
    assert "reader@example.org" not in caplog.text
