"""Editors' requests are answered by a web server of their own, so that no reader waits for the admin.

Python runs one thread of a process at a time, and an edit page takes ten times as long to make as a reader's.
``manage.py serve`` runs that server with less priority and tells the others its socket.
"""

import logging
import socket
import threading
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote
from wsgiref.util import is_hop_by_hop

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.utils import translation

from delivery.middleware import ADMIN_PREFIXES

logger = logging.getLogger(__name__)
# Of the threads of a process; the others stay for readers, whatever happens to the editors' web server.
MOST_AT_ONCE = 4
# An editor may send a film, or ask for a long export.
LONGEST_SECONDS = 120
BLOCK_BYTES = 64 * 1024
SAFE = ("GET", "HEAD")
# What stands in an address unescaped; a query is escaped where it has to be already.
PLAIN = "/:@!$&'()*+,;=~"
PLAIN_IN_QUERY = PLAIN + "%?[]"
NOT_THERE = (FileNotFoundError, ConnectionRefusedError)


class EditorsApart:
    """A WSGI application that hands editors' requests to their web server, and answers them where that cannot be.

    Args:
        application: the WSGI application that answers everything else.
        socket_path: the Unix socket of the editors' web server, which must trust one proxy more than this one.
    """

    def __init__(self, application, socket_path):
        self.application = application
        self.socket_path = socket_path
        self.places = threading.BoundedSemaphore(MOST_AT_ONCE)
        self.is_told = False

    def __call__(self, environ, start_response):
        is_for_them = environ["PATH_INFO"].startswith(ADMIN_PREFIXES)
        if not is_for_them or not self.places.acquire(blocking=False):
            return self.application(environ, start_response)
        with ExitStack() as stack:
            stack.callback(self.places.release)
            server = self.connected()
            if server is None:
                return self.application(environ, start_response)
            stack.callback(server.close)
            try:
                answer = asked(server, environ)
            except (OSError, HTTPException) as error:
                return self.without(error, environ, start_response)
            stack.callback(answer.close)
            headers = [(name, value) for name, value in answer.getheaders() if is_handed_on(name)]
            start_response(f"{answer.status} {answer.reason}", headers)
            body = HandedOn(answer, stack.pop_all().close)
            # Where the server can, no thread of readers waits for who takes it.
            return environ.get("wsgi.file_wrapper", lambda body, _size: body)(body, BLOCK_BYTES)

    def connected(self):
        """Return a connection to the editors' web server, or None where that is not there."""
        server = UnixConnection(self.socket_path)
        try:
            server.connect()
        except OSError as error:
            server.close()
            if not isinstance(error, NOT_THERE) and not self.is_told:
                self.is_told = True
                logger.warning("The editors' web server at %s cannot be asked: %s", self.socket_path, error)
            return None
        return server

    def without(self, error, environ, start_response):
        """Answer a request whose answer did not come: here, unless it has been done already, or lasts too long."""
        if environ["REQUEST_METHOD"] in SAFE and not isinstance(error, TimeoutError):
            return self.application(environ, start_response)
        if not isinstance(error, ClientLeft):
            logger.error("The editors' web server gave no answer to %s", environ["PATH_INFO"], exc_info=error)
        return _in_doubt(environ, start_response)


def is_handed_on(header):
    # The server that readers ask gives the time itself.
    return not is_hop_by_hop(header) and header.lower() != "date"


class ClientLeft(HTTPException):
    """Whoever asks ended the connection before all was sent."""


class Sent:
    """What somebody sends, as a file: whose end before its length is an error, and not the end.

    Args:
        stream: the file.
        length: the number of bytes that were announced.
    """

    def __init__(self, stream, length):
        self.stream, self.left = stream, length

    def read(self, size):
        try:
            block = self.stream.read(min(size, self.left)) if self.left else b""
        except OSError as error:
            raise ClientLeft from error
        self.left -= len(block)
        if self.left and not block:
            raise ClientLeft
        return block


class HandedOn:
    """The body of an answer, block by block.

    Args:
        answer: a response of ``http.client``.
        close: called when the body was given, or is not wanted any more.
    """

    def __init__(self, answer, close):
        self.answer, self.close = answer, close

    def __iter__(self):
        return iter(lambda: self.read(BLOCK_BYTES), b"")

    def read(self, size):
        """Return what has come, or wait for the next part."""
        return self.answer.read1(size)


class UnixConnection(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=LONGEST_SECONDS, blocksize=BLOCK_BYTES)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def asked(server, environ):
    """Return a server's answer to a request; it may answer before it has read everything.

    Raises:
        OSError, HTTPException: there was none.
    """
    address = quote(environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"], PLAIN, "latin-1")
    if environ["QUERY_STRING"]:
        address += "?" + quote(environ["QUERY_STRING"], PLAIN_IN_QUERY, "latin-1")
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = Sent(environ["wsgi.input"], length) if length else None
    with suppress(BrokenPipeError, ConnectionResetError):
        server.request(environ["REQUEST_METHOD"], address, body, _headers(environ))
    return server.getresponse()


def _headers(environ):
    """Return the headers of a request as a proxy hands them on."""
    headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    headers = {name: value for name, value in headers.items() if not is_hop_by_hop(name) and name != "EXPECT"}
    of_body = ("CONTENT_TYPE", "CONTENT_LENGTH")
    headers |= {name.replace("_", "-"): environ[name] for name in of_body if environ.get(name)}
    known = headers.get("X-FORWARDED-FOR")
    headers["X-FORWARDED-FOR"] = f"{known}, {environ['REMOTE_ADDR']}" if known else environ["REMOTE_ADDR"]
    if not settings.TRUSTED_PROXY_COUNT:
        headers["X-FORWARDED-PROTO"] = environ["wsgi.url_scheme"]
    return headers | {"CONNECTION": "close"}


def _in_doubt(environ, start_response):
    with translation.override(translation.get_language_from_request(WSGIRequest(environ))):
        text = translation.gettext(
            "The server gave no answer. What you sent may not have been saved: "
            "go back, and look before you send it again."
        )
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
    start_response("502 Bad Gateway", headers)
    return [f"{text}\n".encode()]
