"""The web server in the process of a test, an application for it, and clients that speak to it."""

import contextlib
import http.client
import socket
import threading

from delivery.in_threads import InThreads
from delivery.page_cache.answers import Answer
from portal.web_server import Settings

KEPT = Answer("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")], b"kept")


class Site:
    """A WSGI application for tests, by the path that is asked for; what it was asked is noted."""

    def __init__(self):
        self.asked, self.glanced, self.closed = [], [], threading.Event()
        self.go_on, self.read = threading.Event(), 0

    def at_once(self, environ):
        self.glanced.append(environ)
        return KEPT if environ["PATH_INFO"] == "/kept/" else None

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        return getattr(self, environ["PATH_INFO"].strip("/") or "echo", self.echo)(environ, start_response)

    def echo(self, environ, start_response):
        body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    def lines(self, environ, start_response):
        body = "".join(f"{len(line)}\n" for line in environ["wsgi.input"])
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body.encode()]

    def pieces(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"one,"
        yield b""
        yield b"two"

    def large(self, environ, start_response):
        start_response("200 OK", [("Content-Length", str(64 * 1024 * 1024))])
        return Closing(self.closed, (b"x" * 1024 * 1024 for _number in range(64)))

    def file(self, environ, start_response):
        start_response("200 OK", [("Content-Length", str(64 * 1024 * 1024))])
        return environ["wsgi.file_wrapper"](Zeros(self), 4096)

    def waiting(self, environ, start_response):
        self.go_on.wait(20)
        return self.echo(environ, start_response)

    def faulty(self, environ, start_response):
        raise RuntimeError("a fault")

    def faulty_later(self, environ, start_response):
        start_response("200 OK", [])
        yield b"begun"
        raise RuntimeError("a fault")

    def nothing(self, environ, start_response):
        return []

    def unchanged(self, environ, start_response):
        start_response("304 Not Modified", [("ETag", '"x"')])
        return []


class Zeros:
    """A file of 64 MB."""

    def __init__(self, site):
        self.site, self.left = site, 64 * 1024 * 1024

    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        self.site.read += size
        return bytes(size)

    def close(self):
        self.site.closed.set()


class Closing:
    def __init__(self, closed, pieces):
        self.pieces, self.closed = pieces, closed

    def __iter__(self):
        return self.pieces

    def close(self):
        self.closed.set()


class Served(Settings):
    """Settings of a server for an application that is at hand."""

    def __init__(self, application, threads):
        super().__init__("", threads, 1)
        self.application = application

    def load_app(self):
        return InThreads(self.application, self.threads)


def said(port, data, until_closed=True):
    """Send bytes and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(data)
        if until_closed:
            return read_all(client)
        return client.recv(65536)


def read_all(client):
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65536):
            found += piece
    return found


def get(port, path, method="GET", body=None, headers=None):
    """Return (status, body) of an answer."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request(method, path, body, headers or {})
    answer = client.getresponse()
    return answer.status, answer.read()


CLOSE = b"Host: x\r\nConnection: close\r\n\r\n"
