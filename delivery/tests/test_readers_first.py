"""Editors' requests wait while a page is made for a reader: at their next query, and not for ever."""

import threading
import time

import pytest
from django.db import connection, transaction

from delivery import readers_first
from delivery.readers_first import ReadersFirst

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.database]
READER, EDITOR = {"PATH_INFO": "/news/"}, {"PATH_INFO": "/admin/pages/1/edit/"}


class Site:
    """An application: an editor's request asks the database, a reader's lasts until it is let go.

    Attributes:
        fails: whether a reader's request ends with an error.
    """

    def __init__(self):
        self.reads, self.let_go, self.fails = threading.Event(), threading.Event(), False

    def __call__(self, environ, start_response):
        if environ == EDITOR:
            return start_response()
        self.reads.set()
        self.let_go.wait(10)
        if self.fails:
            raise RuntimeError
        return []


def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def front(site):
    return ReadersFirst(site)


@pytest.fixture
def reader(site, front):
    """A reader whose page is being made, until ``site.let_go`` is set."""
    reading = threading.Thread(target=lambda: front(READER, None))
    reading.start()
    assert site.reads.wait(5)
    yield reading
    site.let_go.set()
    reading.join()


def time_of(front, act):
    # The connection itself asks the database once, when it is made.
    connection.ensure_connection()
    began = time.monotonic()
    front(EDITOR, act)
    return time.monotonic() - began


def test_an_editor_waits_until_the_page_is_made(site, front, reader, monkeypatch):
    monkeypatch.setattr(readers_first, "LONGEST_SECONDS", 30)
    threading.Timer(0.3, site.let_go.set).start()
    assert 0.25 < time_of(front, ask) < 20


def test_an_editor_waits_once_and_not_for_ever(front, reader, monkeypatch):
    monkeypatch.setattr(readers_first, "LONGEST_SECONDS", 0.2)
    assert time_of(front, lambda: [ask() for _time in range(100)]) < 10 * 0.2


def test_an_editor_whose_transaction_others_wait_for_does_not_wait(front, reader, monkeypatch):
    monkeypatch.setattr(readers_first, "LONGEST_SECONDS", 30)
    with transaction.atomic():
        assert time_of(front, ask) < 10


def test_an_editor_does_not_wait_for_a_page_that_failed(site, front, monkeypatch):
    monkeypatch.setattr(readers_first, "LONGEST_SECONDS", 30)
    site.fails = True
    site.let_go.set()
    with pytest.raises(RuntimeError):
        front(READER, None)
    assert time_of(front, ask) < 10


def test_nobody_waits_for_an_editor(site, front):
    """Neither a reader nor another editor."""
    site.let_go.set()
    assert front(EDITOR, lambda: [time_of(front, ask) < 10, front(READER, None)]) == [True, []]
