"""A reader who asks the whole application, page cache included, and not only Django."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from delivery import generation
from delivery.page_cache import PageCache


@dataclass
class Answer:
    """What came back."""

    status_code: int
    headers: dict
    content: bytes

    @property
    def text(self):
        return self.content.decode()


class Front:
    """A page cache with a memory of its own, as one web process has it, which counts what it has made.

    Args:
        site: the WSGI application behind it; Django's without one.
        most_bytes: what its memory keeps at most.
    """

    def __init__(self, site=None, most_bytes=None):
        self.site = site or WSGIHandler()
        self.application = PageCache(self.counted, most_bytes=most_bytes)
        self.made = []
        generation.poll()

    def counted(self, environ, start_response):
        self.made.append(environ["PATH_INFO"])
        return self.site(environ, start_response)

    def get(self, address, method="GET", **headers):
        """Return the ``Answer`` to a request; headers as ``accept_encoding="br"``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        environ = RequestFactory(headers=named).generic(method, address).environ
        environ.setdefault("HTTP_HOST", "localhost")
        begun = []
        with open_connections():
            chunks = self.application(environ, lambda status, given, exc_info=None: begun.append((status, given)))
            try:
                content = b"".join(chunks)
            finally:
                getattr(chunks, "close", lambda: None)()
        status, given = begun[-1]
        return Answer(int(status[:3]), dict(given), content)


@contextmanager
def open_connections():
    """Keep the database's connection between requests, as Django's own test client does: it is in a transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def in_both_orders(fresh_front, one, other, site=None):
    """Yield the answers of both where one comes first, and where the other does.

    Args:
        one, other: functions that ask a ``Front``.
    """
    front = fresh_front(site)
    yield one(front), other(front)
    front = fresh_front(site)
    last = other(front)
    yield one(front), last


def echo(environ, start_response):
    """A faulty page: everything that the request said of its sender stands in it, for everybody to keep."""
    start_response("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "public, no-cache")])
    said = sorted((name, value) for name, value in environ.items() if name.startswith("HTTP_") and name != "HTTP_HOST")
    return [repr(said).encode()]
