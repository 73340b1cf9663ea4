"""A connection of the web server: what is kept is answered where it is read, everything else by uvicorn.

No thread is woken for what is kept, and none of Django runs: that is what makes it as fast as a file.
"""

from urllib.parse import unquote_to_bytes

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# A client that asks or sends nothing for so long is gone, and one that takes nothing for so many times as long.
IDLE_SECONDS, MOST_LOOKS = 30, 4
LARGEST_HEAD = 64 * 1024
# Requests on one connection before the first is answered.
MOST_WAITING = 32
OF_BODY = (b"content-length", b"transfer-encoding")
MOST_NAMES, LONGEST_NAME = 500, 50
READING = {b"GET ": "GET", b"HEAD": "HEAD"}
UNPREFIXED = ("CONTENT_TYPE", "CONTENT_LENGTH")
# As clients write them.
_names = {}


def name_of(header):
    """Return the name that a header has in WSGI, or an empty one for what could pass for another."""
    name = "" if b"_" in header else header.decode("latin-1").upper().replace("-", "_")
    if name and name not in UNPREFIXED:
        name = f"HTTP_{name}"
    if len(_names) < MOST_NAMES and len(header) <= LONGEST_NAME:
        _names[header] = name
    return name


def put_header(environ, header, value):
    """Put a header into a WSGI environ; one that comes again is put behind the first."""
    name = _names.get(header)
    if name is None:
        name = name_of(header)
    if name in environ:
        environ[name] += f"{'; ' if name == 'HTTP_COOKIE' else ','}{value.decode('latin-1')}"
    elif name:
        environ[name] = value.decode("latin-1")


class Glance:
    """Reads requests that ask for something in one piece, which nearly all do, and leaves all others to uvicorn."""

    __slots__ = ("begun", "complete", "environ", "is_plain", "parser", "target")

    def __init__(self):
        self.parser = None

    def read(self, data, scheme):
        """Return the part of a WSGI environ that says what is asked, or None where there is more to it.

        Args:
            data: all that has come since the last answer.
            scheme: http or https.
        """
        method = READING.get(data[:4])
        if method is None:
            return None
        if self.parser is None:
            self.parser = HttpRequestParser(self)
        self.environ = environ = {"wsgi.url_scheme": scheme, "REQUEST_METHOD": method}
        self.target, self.is_plain, self.begun, self.complete = b"", True, 0, 0
        try:
            self.parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self.is_plain = False
        target = self.target
        is_whole = self.begun == self.complete == 1 and "HTTP_TRANSFER_ENCODING" not in environ
        is_11 = data.startswith(b" HTTP/1.1\r\n", len(method) + 1 + len(target))
        if not (self.is_plain and is_whole and is_11 and target.startswith(b"/")):
            # It may stand in the middle of something.
            self.parser = None
            return None
        path, _mark, query = target.partition(b"?")
        path = unquote_to_bytes(path) if b"%" in path else path
        environ["PATH_INFO"], environ["QUERY_STRING"] = path.decode("latin-1"), query.decode("latin-1")
        return environ

    def on_message_begin(self):
        self.begun += 1

    def on_url(self, target):
        self.target += target

    def on_header(self, header, value):
        put_header(self.environ, header, value)

    def on_body(self, _body):
        self.is_plain = False

    def on_message_complete(self):
        self.complete += 1
        if not self.parser.should_keep_alive():
            self.is_plain = False


class Connection(HttpToolsProtocol):
    """One connection of a server whose application is an ``InThreads``.

    An error in one of the parser's callbacks is answered with 400, and ends the connection.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.glance = Glance()
        self.is_inside = self.is_in_head = self.goes_on = False
        self.unread = self.unsent = self.looks = 0
        self.running = self.own = None
        self.since = self.loop.time()

    def connection_made(self, transport):
        super().connection_made(transport)
        self.next_look = self.loop.call_later(IDLE_SECONDS, self.look_after)

    def connection_lost(self, error):
        self.next_look.cancel()
        for cycle in (self.running, *(waiting for waiting, _application in self.pipeline)):
            if cycle and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        super().connection_lost(error)

    def data_received(self, data):
        if self.has_answered_all and not self.is_inside and not self.flow.write_paused:
            environ = self.glance.read(data, self.scheme)
            answer = self.app.at_once(environ) if environ else None
            if answer:
                self.give(answer)
                return
        self.goes_on = False
        super().data_received(data)
        self.unread = self.unread + len(data) if self.is_inside and not self.goes_on else 0
        if self.unread > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    @property
    def has_answered_all(self):
        return self.cycle is None or self.cycle.response_complete

    def give(self, answer):
        self._unset_keepalive_if_required()
        own = self.server_state.default_headers
        if own is not self.own:
            # A new list each second, for the date in it.
            self.own, self.own_lines = own, b"".join(b"\r\n%b: %b" % header for header in own)
        self.transport.write(b"".join((answer.head, self.own_lines, b"\r\n\r\n", answer.body)))
        self.since = self.loop.time()

    def on_message_begin(self):
        self.is_inside = self.is_in_head = self.goes_on = True
        self.since = self.loop.time()
        super().on_message_begin()

    def on_header(self, name, value):
        # What comes behind a body in chunks is no header of the request.
        if self.is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self):
        self.is_in_head = False
        is_other_protocol = self.parser.should_upgrade()
        if is_other_protocol and any(name in OF_BODY for name, _value in self.headers):
            raise ValueError("The parser reads no body of a request for another protocol, but takes it for a request")
        if len(self.pipeline) >= MOST_WAITING:
            raise ValueError("Too many requests before the first is answered")
        super().on_headers_complete()
        if is_other_protocol:
            self.cycle.keep_alive = False

    def _start_asgi_task(self, cycle, app):
        self.running = cycle
        super()._start_asgi_task(cycle, app)

    def on_body(self, body):
        self.goes_on = True
        self.since = self.loop.time()
        super().on_body(body)

    def on_message_complete(self):
        self.is_inside = False
        super().on_message_complete()

    def on_response_complete(self):
        self.since = self.loop.time()
        super().on_response_complete()

    def look_after(self):
        """End the connection when the client has asked nothing, sent nothing or taken nothing for long."""
        unsent = self.transport.get_write_buffer_size()
        waits = not unsent and not self.flow.read_paused and (self.is_inside or self.has_answered_all)
        left = self.since + IDLE_SECONDS - self.loop.time() if waits else IDLE_SECONDS
        # The system asks for more only when much of what it had is taken.
        self.looks = self.looks + 1 if unsent and unsent == self.unsent else 0
        if left <= 0 or self.looks == MOST_LOOKS:
            self.transport.abort()
            return
        self.unsent = unsent
        self.next_look = self.loop.call_later(max(left, 1), self.look_after)
