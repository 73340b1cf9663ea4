"""The web server: what it makes of requests, and how it gives answers."""

import http.client
import io
import socket
import time

import pytest
from django.core.handlers.wsgi import WSGIRequest

from delivery import connection
from delivery.in_threads import environ_of
from delivery.incoming import IN_MEMORY_BYTES
from tests.served import CLOSE, get, read_all, said

ECHOED = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_LENGTH", "wsgi.url_scheme")


def test_what_is_kept_needs_no_thread(serve, served_site):
    port = serve(served_site)
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for _again in range(3):
        client.request("GET", "/kept/")
        answer = client.getresponse()
        assert (answer.status, answer.read(), answer.headers["Content-Type"]) == (200, b"kept", "text/plain")
        assert answer.headers["Date"]
    assert not served_site.asked


UPGRADE = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
ONE = b"GET /kept/ HTTP/1.1\r\nHost: x\r\n\r\n"
MADE = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nmade"
LAST = b"GET /pieces/ HTTP/1.1\r\n" + CLOSE


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21, 34, len(ONE) - 1, len(ONE), len(ONE) + 1, 55, 89, 144, 1000])
def test_answers_come_in_the_order_of_their_questions_however_these_are_cut(serve, served_site, size):
    served_site.kept = served_site.lines
    data = ONE + MADE + ONE + ONE + b"\r\n" + ONE + LAST
    with socket.create_connection(("127.0.0.1", serve(served_site)), timeout=10) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(data), size):
            client.sendall(data[start : start + size])
            time.sleep(0.002)
        answers = read_all(client)
    assert answers.count(b"HTTP/1.1 200 OK") == 6
    assert answers.count(b"made") == 1
    assert answers.endswith(b"0\r\n\r\n")
    # Of the kept page, what was kept and what the application made where more came at once.
    asked = [environ["PATH_INFO"] for environ in served_site.asked]
    assert asked.count("/") == asked.count("/pieces/") == 1
    assert answers.count(b"kept") + asked.count("/kept/") == 4


def test_the_beginning_of_the_next_question_is_not_lost(serve, served_site):
    served_site.kept = served_site.pieces
    with socket.create_connection(("127.0.0.1", serve(served_site)), timeout=10) as client:
        client.sendall(ONE + b"GE")
        time.sleep(0.2)
        client.sendall(b"T /kept/ HTTP/1.1\r\nHost: x\r\nCookie: session=1\r\nConnection: close\r\n\r\n")
        assert read_all(client).count(b"HTTP/1.1 200 OK") == 2
    assert served_site.asked[-1]["HTTP_COOKIE"] == "session=1"


REQUESTS = [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /a%20b%FF/%C3%A9?q=%20&r=%C3 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"HEAD /?a HTTP/1.1\r\nHOST: x\r\naccept-encoding: br,  gzip \r\n\r\n",
    b"GET /x HTTP/1.1\r\nHost: x\r\nCookie: a=1\r\ncookie: session=2\r\nX-Forwarded-Proto: http\r\n"
    b"X-Forwarded-Proto: https\r\n\r\n",
    b"GET /x HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    b"GET /x HTTP/1.1\r\nHost: x\r\nX_Forwarded_Proto: https\r\nX-Forwarded-For: 1\r\nX_Forwarded_For: 2\r\n\r\n",
    b'GET /x?y#z HTTP/1.1\r\nHost: x\r\nIf-None-Match: "\xe9"\r\nX-Empty:\r\n\r\n',
    b"GET //x//y/?/? HTTP/1.1\r\nHost: x\r\n\r\n",
]


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_glance_sees_what_the_application_is_asked(serve, served_site, request_):
    said(serve(served_site), request_, until_closed=False)
    [glanced], [asked] = served_site.glanced, served_site.asked
    counted = {name: value for name, value in asked.items() if name.startswith("HTTP_") or name in ECHOED}
    if b"#" in request_:
        # No client sends it; what looks like another address is found nowhere.
        assert glanced.pop("QUERY_STRING") != counted.pop("QUERY_STRING")
    assert glanced == counted


def test_the_application_is_asked_in_the_words_of_wsgi(serve, served_site):
    said(serve(served_site), REQUESTS[1], until_closed=False)
    [environ] = served_site.asked
    assert environ["PATH_INFO"] == "/a b\xff/\xc3\xa9"
    assert environ["QUERY_STRING"] == "q=%20&r=%C3"
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"]) == ("127.0.0.1", "127.0.0.1")
    assert environ["SERVER_PROTOCOL"] == "HTTP/1.1"


def test_a_header_that_could_pass_for_another_is_not_handed_on(serve, served_site):
    said(serve(served_site), REQUESTS[5], until_closed=False)
    [environ] = served_site.asked
    assert environ["HTTP_X_FORWARDED_FOR"] == "1"
    assert "HTTP_X_FORWARDED_PROTO" not in environ


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /kept/ HTTP/1.0\r\n\r\n",
        b"GET /kept/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        b"GET /kept/ HTTP/1.1\r\n" + CLOSE,
        b"GET /kept/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nxx",
        b"GET http://x/kept/ HTTP/1.1\r\n" + CLOSE,
        b"POST /kept/ HTTP/1.1\r\nContent-Length: 0\r\n" + CLOSE,
    ],
)
def test_what_is_asked_in_a_rare_way_is_asked_of_the_application(serve, served_site, request_):
    served_site.kept = served_site.pieces
    answer = said(serve(served_site), request_)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"two" in answer
    assert len(served_site.asked) == 1


@pytest.mark.parametrize("size", [0, 1, 1000, IN_MEMORY_BYTES, IN_MEMORY_BYTES + 1, 3_000_000])
def test_what_is_sent_arrives_whole(serve, served_site, size):
    port = serve(served_site)
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert get(port, "/", "POST", body) == (200, body)
    assert served_site.asked[-1]["CONTENT_LENGTH"] == str(size)


def test_lines_can_be_read_of_what_is_large(serve, served_site):
    body = b"".join(b"y" * number + b"\n" for number in range(1, 2_000))
    status, found = get(serve(served_site), "/lines/", "POST", body)
    assert (status, found.split()) == (200, [b"%d" % (number + 1) for number in range(1, 2_000)])


@pytest.mark.parametrize("size", [3, IN_MEMORY_BYTES])
def test_what_is_sent_in_chunks_has_a_length(serve, served_site, size):
    chunks = [b"abc" * (size // 3), b"def" * (size // 3)]
    assert get(serve(served_site), "/", "POST", iter(chunks)) == (200, b"".join(chunks))
    assert served_site.asked[-1]["CONTENT_LENGTH"] == str(size // 3 * 6)


def test_a_client_is_told_to_go_on_with_what_it_announced(serve, served_site):
    with socket.create_connection(("127.0.0.1", serve(served_site)), timeout=10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert client.recv(1000).endswith(b"abc")


def test_answers_of_unknown_length_come_in_chunks(serve, served_site):
    port = serve(served_site)
    assert get(port, "/pieces/") == (200, b"one,two")
    assert get(port, "/pieces/", "HEAD") == (200, b"")
    assert get(port, "/unchanged/") == (304, b"")
    assert said(port, b"GET /pieces/ HTTP/1.1\r\n" + CLOSE).endswith(b"4\r\none,\r\n3\r\ntwo\r\n0\r\n\r\n")


def test_a_fault_is_an_answer_500_or_one_that_ends_too_early(serve, served_site):
    port = serve(served_site)
    for path in ("/faulty/", "/nothing/"):
        assert get(port, path)[0] == 500
    assert get(port, "/kept/") == (200, b"kept")
    with pytest.raises(http.client.IncompleteRead):
        get(port, "/faulty_later/")


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET /kept/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET /kept/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /kept/ HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET /kept/ HTTP/1.1\r\nHost: x\x00\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        UPGRADE + b"Upgrade: h2c\r\nContent-Length: 35\r\n\r\nGET /smuggled/ HTTP/1.1\r\nHost: x\r\n\r\n",
        UPGRADE + b"Upgrade: websocket\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(serve, served_site, request_):
    assert said(serve(served_site), request_).startswith(b"HTTP/1.1 400 ")
    assert not served_site.asked
    assert not served_site.glanced


def test_a_request_for_another_protocol_is_the_last_of_its_connection(serve, served_site):
    answer = said(serve(served_site), UPGRADE.replace(b"POST /", b"GET /pieces/") + b"Upgrade: h2c\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"connection: close" in answer


def test_what_comes_behind_a_body_is_no_header(serve, served_site):
    start = b"POST / HTTP/1.1\r\nX-Forwarded-For: 1\r\nTransfer-Encoding: chunked\r\n" + CLOSE
    answer = said(serve(served_site), start + b"3\r\nabc\r\n0\r\nX-Forwarded-For: 2\r\nCookie: session=1\r\n\r\n")
    assert answer.endswith(b"abc")
    [environ] = served_site.asked
    assert environ["HTTP_X_FORWARDED_FOR"] == "1"
    assert "HTTP_COOKIE" not in environ


def test_files_are_sent_and_closed(serve, served_site):
    port = serve(served_site)
    status, body = get(port, "/file/")
    assert (status, len(body)) == (200, 64 * 1024 * 1024)
    assert served_site.closed.wait(5)
    served_site.read = 0
    assert get(port, "/file/", "HEAD") == (200, b"")
    assert served_site.read < 1024 * 1024


def test_names_of_headers_are_not_remembered_without_end(monkeypatch):
    monkeypatch.setattr(connection, "_names", {})
    monkeypatch.setattr(connection, "MOST_NAMES", 2)
    for number in range(10):
        assert connection.name_of(b"X-%d" % number) == f"HTTP_X_{number}"
        connection.name_of(b"X-" + b"y" * 100)
    assert len(connection._names) == 2


def test_a_port_is_a_number_on_a_socket_of_unix_too():
    """Whoever asks a request for it takes it for one, Wagtail for each address that is not there."""
    scope = {
        "method": "GET",
        "scheme": "http",
        "http_version": "1.1",
        "raw_path": b"/admin/nothing",
        "query_string": b"",
        "server": ("/run/editors", None),
        "client": None,
        "headers": [(b"host", b"news.example.org")],
    }
    request = WSGIRequest(environ_of(scope) | {"wsgi.input": io.BytesIO()})
    assert int(request.get_port())
