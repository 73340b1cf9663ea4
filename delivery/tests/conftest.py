"""What the tests of the page cache and of the web server share."""

import contextlib
import threading
import time

import pytest
from uvicorn import Server

from portal.web_server import on_address
from tests.front import Front
from tests.running import free_port
from tests.served import Served, Site


@pytest.fixture
def fresh_front(settings, tmp_path):
    """Return a function that gives a page cache with nothing in it, as each order of readers needs one."""
    made = []

    def front(site=None):
        folder = tmp_path / f"pages{len(made)}"
        cache = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": folder}
        settings.CACHES = {**settings.CACHES, "pages": cache}
        made.append(Front(site))
        return made[-1]

    return front


@pytest.fixture
def serve():
    """Return a function that serves an application in this process and returns the port."""
    with contextlib.ExitStack() as stack:

        def start(application, threads=2):
            port = free_port()
            server = Server(Served(application, threads))
            thread = threading.Thread(target=server.run, args=([on_address("127.0.0.1", port)],))
            thread.start()
            stack.callback(thread.join, 10)
            stack.callback(setattr, server, "should_exit", True)
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            return port

        yield start


@pytest.fixture
def served_site():
    site = Site()
    yield site
    site.go_on.set()
