"""Editors' requests wait while a page is made for a reader: at their next query, and not for ever."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from delivery import readers_first
from delivery.readers_first import ReadersFirst

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.database]
READER = {"PATH_INFO": "/news/", "REQUEST_METHOD": "GET"}
SENDER = {"PATH_INFO": "/enquiries/", "REQUEST_METHOD": "POST"}
EDITOR = {"PATH_INFO": "/admin/pages/1/edit/", "REQUEST_METHOD": "GET"}


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


@contextmanager
def answering(site, front, environ):
    """Let a request be under way until ``site.let_go`` is set, or the block ends."""
    under_way = threading.Thread(target=lambda: front(environ, None))
    under_way.start()
    assert site.reads.wait(5)
    yield
    site.let_go.set()
    under_way.join()


@pytest.fixture
def reader(site, front):
    with answering(site, front, READER):
        yield


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


def test_an_editor_does_not_wait_for_who_sends_something(site, front, monkeypatch):
    monkeypatch.setattr(readers_first, "LONGEST_SECONDS", 30)
    with answering(site, front, SENDER):
        assert time_of(front, ask) < 10


def test_nobody_waits_for_an_editor(site, front, monkeypatch):
    """Neither a reader nor another editor."""
    monkeypatch.setattr(readers_first, "LONGEST_SECONDS", 30)
    site.let_go.set()
    assert front(EDITOR, lambda: [time_of(front, ask) < 10, front(READER, None)]) == [True, []]
