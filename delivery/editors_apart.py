"""Editors' requests are answered by a web server of their own, so that no reader waits for the admin.

Python runs one thread of a process at a time, and an edit page takes ten times as long to make as a reader's.
``manage.py serve`` runs that server with less priority and tells the others its socket.
"""

import logging
import socket
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote
from wsgiref.util import FileWrapper, is_hop_by_hop

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.utils import translation

from delivery.middleware import ADMIN_PREFIXES

logger = logging.getLogger(__name__)
# An editor may send a film, or ask for a long export.
LONGEST_SECONDS = 300
BLOCK_BYTES = 64 * 1024
SAFE = ("GET", "HEAD")
# What stands in an address unescaped; a query is escaped where it has to be already.
PLAIN = "/:@!$&'()*+,;=~"
PLAIN_IN_QUERY = PLAIN + "%?[]"


class EditorsApart:
    """A WSGI application that hands editors' requests to their web server, and answers them where there is none.

    Args:
        application: the WSGI application that answers everything else.
        socket_path: the Unix socket of the editors' web server, which must trust one proxy more than this one.
    """

    def __init__(self, application, socket_path):
        self.application = application
        self.socket_path = socket_path

    def __call__(self, environ, start_response):
        if not environ["PATH_INFO"].startswith(ADMIN_PREFIXES):
            return self.application(environ, start_response)
        server = UnixConnection(self.socket_path)
        try:
            server.connect()
        except OSError:
            return self.application(environ, start_response)
        try:
            answer = asked(server, environ)
        except (OSError, HTTPException):
            server.close()
            if environ["REQUEST_METHOD"] in SAFE:
                return self.application(environ, start_response)
            logger.exception("The editors' web server gave no answer to %s", environ["PATH_INFO"])
            return _in_doubt(environ, start_response)
        headers = [(name, value) for name, value in answer.getheaders() if not is_hop_by_hop(name)]
        start_response(f"{answer.status} {answer.reason}", headers)
        return FileWrapper(answer, BLOCK_BYTES)


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
    body = environ["wsgi.input"] if environ.get("CONTENT_LENGTH") else None
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
