"""A WSGI application for an asynchronous web server: its answers are made in threads.

What a client sends is read before a thread is taken, and an answer is sent when its thread is free again; files too.
Only an answer that is larger, or is made while it is sent, keeps a thread waiting for the client, which gives up its
place among those that make answers.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote_to_bytes

from delivery.connection import put_header
from delivery.incoming import ClientLeft, Incoming, TooMuch

MADE_BYTES, PIECE_BYTES = 1024 * 1024, 256 * 1024
# Threads for answers that are too large, beside those that make answers.
MOST_LARGE = 8
NO_BODY = (204, 304)
TOO_MUCH = b"This is more than can be taken at the moment."


class InThreads:
    """An ASGI application that asks a WSGI application.

    Args:
        application: the WSGI application. Its ``at_once(environ)``, if it has one, needs no thread: it returns an
            ``delivery.page_cache.answers.Answer`` or None.
        threads: how many answers are made at once.
    """

    def __init__(self, application, threads):
        self.application = application
        self.at_once = getattr(application, "at_once", lambda environ: None)
        self.incoming = Incoming()
        self.places = asyncio.Semaphore(threads)
        self.executor = ThreadPoolExecutor(threads + MOST_LARGE, "answer")

    async def __call__(self, scope, receive, send):
        client = Client(scope["method"], receive, send)
        try:
            async with self.incoming.body(receive) as (body, size):
                environ = environ_of(scope) | {"wsgi.input": body}
                if size:
                    environ["CONTENT_LENGTH"] = str(size)
                made = await self.make(client, environ)
        except ClientLeft:
            return
        except TooMuch:
            client.start("413 Content Too Large", [("Content-Type", "text/plain"), ("Connection", "close")])
            made = TOO_MUCH
        if isinstance(made, File):
            made = await client.send_file(made, self.executor)
        await client.send_whole(made)

    async def make(self, client, environ):
        async with self.places:
            making = client.loop.run_in_executor(self.executor, client.ask, self.application, environ)
            await asyncio.wait([making, client.is_large], return_when=asyncio.FIRST_COMPLETED)
        return await making


def environ_of(scope):
    """Return the WSGI environ of an ASGI scope."""
    host, port = scope["server"] or ("localhost", None)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        # A socket of Unix has none, and Django and Wagtail read a number.
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": File,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header, value in scope["headers"]:
        put_header(environ, header, value)
    return environ


class File:
    """A file that is the body of an answer, as WSGI's ``wsgi.file_wrapper``: it may be read in any thread.

    Args:
        file: what has ``read`` and perhaps ``close``.
        piece_bytes: how much is read at once; we take our own measure.
    """

    def __init__(self, file, piece_bytes=PIECE_BYTES):
        self.file = file
        self.close = getattr(file, "close", lambda: None)

    def __iter__(self):
        return iter(self.read, b"")

    def read(self):
        return self.file.read(PIECE_BYTES)


class Client:
    """Who waits for an answer.

    Args:
        method: of the request.
        receive, send: of ASGI.
    """

    def __init__(self, method, receive, send):
        self.method, self.receive, self.send = method, receive, send
        self.loop = asyncio.get_running_loop()
        self.is_large = self.loop.create_future()
        self.begun, self.written, self.has_sent = None, [], False

    def start(self, status, headers, exc_info=None):
        """Begin an answer, as WSGI's ``start_response``."""
        if exc_info and self.has_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        code = int(status[:3])
        if code in NO_BODY:
            headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        self.begun = {
            "type": "http.response.start",
            "status": code,
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }
        return self.written.append

    def ask(self, application, environ):
        """Return the body, or a ``File`` with it, or what is left of it to be sent; called in a thread."""
        chunks = application(environ, self.start)
        if isinstance(chunks, File) and self.begun and self.method != "HEAD":
            return chunks
        try:
            pieces = iter(chunks)
            first = next(pieces, b"")
            if self.method == "HEAD" and self.begun:
                return b""
            if self.is_short():
                return b"".join([*self.written, first, *pieces])
            self.send_pieces([*self.written, first], pieces)
        finally:
            getattr(chunks, "close", lambda: None)()
        return b""

    def is_short(self):
        if self.begun is None:
            raise RuntimeError("The application began no answer")
        length = next((value for name, value in self.begun["headers"] if name.lower() == b"content-length"), None)
        return length is not None and int(length) <= MADE_BYTES

    def send_pieces(self, first, others):
        """Send an answer piece by piece, for as long as somebody takes it; called in a thread."""
        self.has_sent = True
        self.wait(self.send, self.begun)
        left = asyncio.run_coroutine_threadsafe(self.receive(), self.loop)
        for pieces in (first, others):
            for piece in pieces:
                if left.done() and left.result()["type"] == "http.disconnect":
                    return
                self.wait(self.send, {"type": "http.response.body", "body": piece, "more_body": True})
        self.begun = None

    async def send_file(self, file, executor):
        """Send a file for as long as somebody takes it, and return what is left; no thread waits meanwhile."""
        try:
            await self.send(self.begun)
            self.begun = None
            left = asyncio.ensure_future(self.receive())
            while piece := await self.loop.run_in_executor(executor, file.read):
                if left.done() and left.result()["type"] == "http.disconnect":
                    break
                await self.send({"type": "http.response.body", "body": piece, "more_body": True})
            return b""
        finally:
            await self.loop.run_in_executor(executor, file.close)

    def wait(self, function, *args):
        """Return what a coroutine function of the server returns; called in a thread."""
        self.loop.call_soon_threadsafe(self.give_place)
        return asyncio.run_coroutine_threadsafe(function(*args), self.loop).result()

    def give_place(self):
        if not self.is_large.done():
            self.is_large.set_result(True)

    async def send_whole(self, body):
        """Send an answer, or what is left of it."""
        if self.begun:
            await self.send(self.begun)
        await self.send({"type": "http.response.body", "body": body})
