"""Editors' requests go to their own web server as they came, and are answered without it where it is not there."""

import io
import re
import socketserver
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from delivery import editors_apart
from delivery.editors_apart import MOST_AT_ONCE, EditorsApart

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\neditor"


class Editors(socketserver.ThreadingUnixStreamServer):
    """A server on a Unix socket that keeps what it is asked and says what it is told.

    Attributes:
        asked: the bytes of each request.
        said: the bytes of every answer; nothing to hang up.
        reads_body: whether it reads what is sent before it answers.
        may_answer: set while it answers what it has read.
    """

    daemon_threads = True

    def __init__(self, path):
        self.asked, self.said, self.reads_body = [], OK, True
        self.may_answer = threading.Event()
        self.may_answer.set()
        super().__init__(path, Asked)


class Asked(socketserver.StreamRequestHandler):
    def handle(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.rfile.readline()
        length = re.search(rb"(?i)content-length: (\d+)", head)
        body = self.rfile.read(int(length[1])) if length and self.server.reads_body else b""
        self.server.asked.append(head + body)
        self.server.may_answer.wait(10)
        with suppress(BrokenPipeError):
            self.wfile.write(self.server.said)


@pytest.fixture
def path():
    # A socket's path may be 107 characters long.
    with tempfile.TemporaryDirectory() as folder:
        yield f"{folder}/editors"


@pytest.fixture
def editors(path):
    server = Editors(path)
    threading.Thread(target=server.serve_forever, args=(0.01,)).start()
    yield server
    server.shutdown()
    server.server_close()


def here(environ, start_response):
    start_response("200 OK", [])
    return [b"here"]


def ask(path, address="/admin/", method="GET", query="", body=b"", front=None, **headers):
    """Return (status, headers, body) of what a reader's process answers."""
    environ = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": address, "QUERY_STRING": query}
    environ |= {"REMOTE_ADDR": "192.0.2.7", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body)}
    environ |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "news.example.org"}
    environ |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "text/plain"} if body else {}
    begun = []
    front = front or EditorsApart(here, path)
    chunks = front(environ | headers, lambda *given: begun.append(given))
    content = b"".join(chunks)
    getattr(chunks, "close", lambda: None)()
    [(status, given)] = begun
    return status, given, content


def test_an_editor_is_answered_by_their_own_server(path, editors):
    cookies = b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
    editors.said = b"HTTP/1.1 302 Found\r\nLocation: /admin/\r\n" + cookies + b"Connection: close\r\n\r\n"
    status, headers, body = ask(path, method="POST", body=b"title=x" * 50_000, HTTP_COOKIE="session=s")
    assert (status, body) == ("302 Found", b"")
    assert headers == [("Location", "/admin/"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    [asked] = editors.asked
    head, sent = asked.split(b"\r\n\r\n", 1)
    assert sent == b"title=x" * 50_000
    first, *lines = head.decode().upper().split("\r\n")
    assert first == "POST /ADMIN/ HTTP/1.1"
    assert {"HOST: NEWS.EXAMPLE.ORG", "COOKIE: SESSION=S", "CONTENT-TYPE: TEXT/PLAIN", "CONNECTION: CLOSE"} <= {*lines}


def test_everybody_else_is_answered_here(path, editors):
    for address in ("/", "/news/", "/documents/1/a.pdf", "/administration/"):
        assert ask(path, address)[2] == b"here"
    assert editors.asked == []


@pytest.mark.parametrize(
    ("address", "query", "line"),
    [
        ("/admin/ffeil/a b%?#.pdf", "", "/admin/ffeil/a%20b%25%3F%23.pdf"),
        ("/admin/\u00d8\u00a7", "q=a b&x=%D8%A7\u00d8\u00a7", "/admin/%D8%A7?q=a%20b&x=%D8%A7%D8%A7"),
        ("/admin/\r\nX: y", "a=\r\nX: y", "/admin/%0D%0AX:%20y?a=%0D%0AX:%20y"),
    ],
)
def test_any_address_arrives_as_it_was_asked(path, editors, address, query, line):
    assert ask(path, address, query=query)[2] == b"editor"
    assert editors.asked[0].split(b"\r\n")[0].decode() == f"GET {line} HTTP/1.1"


def forwarded(asked):
    """Return what a request says of who asked, and how."""
    lines = dict(line.split(": ", 1) for line in asked.decode().upper().split("\r\n")[1:] if line)
    return lines["X-FORWARDED-FOR"], lines.get("X-FORWARDED-PROTO")


@pytest.mark.parametrize(("proxies", "scheme"), [(0, "HTTP"), (1, "HTTPS")])
def test_their_server_learns_who_asked_as_from_any_proxy(path, editors, settings, proxies, scheme):
    settings.TRUSTED_PROXY_COUNT = proxies
    ask(path)
    ask(path, HTTP_X_FORWARDED_FOR="198.51.100.1", HTTP_X_FORWARDED_PROTO="https")
    assert forwarded(editors.asked[0]) == ("192.0.2.7", None if proxies else "HTTP")
    assert forwarded(editors.asked[1]) == ("198.51.100.1, 192.0.2.7", scheme)


def test_without_their_server_editors_are_answered_here(path):
    assert ask(path)[2] == b"here"
    assert ask(path, method="POST", body=b"title=x")[2] == b"here"


def test_what_ended_while_it_was_asked_is_asked_again_here_unless_it_may_have_been_done(path, editors, caplog):
    editors.said = b""
    assert ask(path)[2] == b"here"
    status, _headers, body = ask(path, method="POST", body=b"title=x", HTTP_ACCEPT_LANGUAGE="cy")
    assert status == "502 Bad Gateway"
    assert "Efallai" in body.decode()
    assert "/admin/" in caplog.text


def test_an_answer_that_comes_before_all_was_sent_is_given(path, editors):
    editors.reads_body = False
    editors.said = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\n\r\ntoo large"
    assert ask(path, method="POST", body=b"x" * 10_000_000)[2] == b"too large"


def test_who_leaves_before_all_was_sent_holds_up_nobody(path, editors, caplog):
    began = time.monotonic()
    status, _headers, _body = ask(path, method="POST", body=b"title=x", CONTENT_LENGTH="1000")
    assert status == "502 Bad Gateway"
    assert time.monotonic() - began < 5
    assert caplog.text == ""


def test_half_of_the_threads_stay_for_readers_while_their_server_hangs(path, editors):
    front = EditorsApart(here, path)
    editors.may_answer.clear()
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        waiting = [pool.submit(ask, path, front=front) for _editor in range(MOST_AT_ONCE)]
        while len(editors.asked) < MOST_AT_ONCE:
            time.sleep(0.01)
        assert ask(path, front=front)[2] == b"here"
        editors.may_answer.set()
        assert {one.result()[2] for one in waiting} == {b"editor"}
    # Their places are free again, also after what went wrong.
    editors.said = b""
    for method in ("GET", "POST") * MOST_AT_ONCE:
        ask(path, method=method, front=front)
    editors.said = OK
    assert ask(path, front=front)[2] == b"editor"


def test_an_answer_that_takes_too_long_is_given_up_and_not_begun_again(path, editors, monkeypatch):
    monkeypatch.setattr(editors_apart, "LONGEST_SECONDS", 0.2)
    editors.may_answer.clear()
    assert ask(path)[0] == "502 Bad Gateway"
    editors.may_answer.set()


def test_a_socket_that_may_not_be_used_is_told_once(path, tmp_path, caplog):
    front = EditorsApart(here, str(tmp_path / ("long" * 30)))
    for _request in range(3):
        assert ask(path, front=front)[2] == b"here"
    assert caplog.text.count("cannot be asked") == 1
