"""What clients that are slow, rude or gone do to the web server: nothing that others notice."""

import contextlib
import errno
import http.client
import socket
import threading
import time

import pytest

from delivery import connection, in_threads, incoming
from delivery.incoming import IN_MEMORY_BYTES
from tests.served import get, read_all, said


def test_an_endless_head_is_refused(serve, served_site):
    port = serve(served_site)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"GET /kept/ HTTP/1.1\r\n")
        with contextlib.suppress(ConnectionError):
            for number in range(20_000):
                client.sendall(b"X-%d: %s\r\n" % (number, b"x" * 80))
        assert read_all(client).startswith(b"HTTP/1.1 400 ") or number < 20_000 - 1
    assert get(port, "/kept/") == (200, b"kept")


def test_clients_that_send_slowly_hold_no_thread(serve, served_site):
    port = serve(served_site, threads=1)
    sizes = [10, *[2 * IN_MEMORY_BYTES] * 2 * in_threads.MOST_LARGE]
    with contextlib.ExitStack() as stack:
        clients = []
        for size in sizes:
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            slow.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
            slow.sendall(b"x" * (size - 5))
            clients.append(slow)
        assert get(port, "/pieces/") == (200, b"one,two")
        assert [environ["PATH_INFO"] for environ in served_site.asked] == ["/pieces/"]
        for slow, size in zip(clients, sizes, strict=True):
            slow.sendall(b"done.")
            answer = b""
            while not answer.endswith(b"done."):
                answer += slow.recv(65536)
            assert answer.count(b"x") == size - 5


def wait_for(what):
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_is_sent_at_once_has_bounds(serve, served_site, monkeypatch):
    monkeypatch.setattr(incoming, "IN_FILES_BYTES", 3 * IN_MEMORY_BYTES)
    kept = incoming.Incoming()
    monkeypatch.setattr(in_threads, "Incoming", lambda: kept)
    port = serve(served_site)
    body = b"x" * 2 * IN_MEMORY_BYTES
    with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (len(body) + 1) + body)
        wait_for(lambda: kept.in_files == len(body))
        # There is room for a second one only when the first is gone.
        assert said(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body).startswith(
            b"HTTP/1.1 413 "
        )
        assert get(port, "/", "POST", b"little") == (200, b"little")
    wait_for(lambda: kept.in_files == 0)
    for _again in range(3):
        assert get(port, "/", "POST", body) == (200, body)


def test_a_full_disk_is_a_fault_of_large_uploads_alone(serve, served_site, monkeypatch, caplog):
    def rollover(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(incoming.SpooledTemporaryFile, "rollover", rollover)
    port = serve(served_site)
    assert get(port, "/", "POST", b"x" * 2 * IN_MEMORY_BYTES)[0] == 500
    assert "No space left on device" in caplog.text
    assert get(port, "/", "POST", b"little") == (200, b"little")
    assert [environ["CONTENT_LENGTH"] for environ in served_site.asked] == ["6"]


def test_who_takes_nothing_of_a_large_answer_takes_no_place_from_others(serve, served_site):
    port = serve(served_site, threads=1)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
        slow.sendall(b"GET /large/ HTTP/1.1\r\nHost: x\r\n\r\n")
        assert slow.recv(1000)
        assert get(port, "/pieces/") == (200, b"one,two")
        assert not served_site.closed.is_set()
    assert served_site.closed.wait(10)


def test_at_most_so_many_answers_are_made_at_once(serve, served_site):
    port = serve(served_site, threads=2)
    clients = [threading.Thread(target=get, args=(port, "/waiting/")) for _number in range(5)]
    for client in clients:
        client.start()
    deadline = time.monotonic() + 10
    while len(served_site.asked) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    # What is kept comes all the same.
    assert get(port, "/kept/") == (200, b"kept")
    time.sleep(0.2)
    assert len(served_site.asked) == 2
    served_site.go_on.set()
    for client in clients:
        client.join()
    assert len(served_site.asked) == 5


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /kept/ HTTP/1.1\r\nHost:",
        b"GET /kept/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /pieces/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 500_000,
        b"GET /large/ HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_a_connection_on_which_nothing_goes_on_ends(serve, served_site, monkeypatch, begun):
    monkeypatch.setattr(connection, "IDLE_SECONDS", 0.5)
    monkeypatch.setattr(connection, "MOST_LOOKS", 1)
    with socket.create_connection(("127.0.0.1", serve(served_site)), timeout=10) as client:
        client.sendall(begun)
        time.sleep(4)
        began = time.monotonic()
        # What had come before still lies here, of a large answer only a part.
        assert len(read_all(client)) < 32 * 1024 * 1024
        assert time.monotonic() - began < 3


def test_a_connection_that_is_used_stays(serve, served_site, monkeypatch):
    monkeypatch.setattr(connection, "IDLE_SECONDS", 3)
    client = http.client.HTTPConnection("127.0.0.1", serve(served_site), timeout=10)
    client.connect()
    own = client.sock.getsockname()
    for path in ("/kept/", "/pieces/", "/kept/") * 3:
        client.request("GET", path)
        client.getresponse().read()
        time.sleep(0.5)
    assert client.sock.getsockname() == own
    client.request("POST", "/waiting/", b"x")
    time.sleep(5)
    served_site.go_on.set()
    assert client.getresponse().read() == b"x"
    assert client.sock.getsockname() == own


def test_endless_trailers_are_refused(serve, served_site):
    with socket.create_connection(("127.0.0.1", serve(served_site)), timeout=10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n")
        with contextlib.suppress(ConnectionError):
            for number in range(20_000):
                client.sendall(b"X-%d: %s\r\n" % (number, b"x" * 80))
        read_all(client)
    assert number < 20_000 - 1


def test_so_many_requests_may_wait_on_one_connection_and_no_more(serve, served_site):
    port = serve(served_site)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"GET /waiting/ HTTP/1.1\r\nHost: x\r\n\r\n" * (connection.MOST_WAITING + 2))
        assert read_all(client).startswith(b"HTTP/1.1 400 ")
    served_site.go_on.set()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * connection.MOST_WAITING)
        answers = b""
        while answers.count(b"HTTP/1.1 200 OK") < connection.MOST_WAITING:
            answers += client.recv(65536)


def test_clients_that_take_nothing_of_a_file_hold_no_thread(serve, served_site):
    port = serve(served_site, threads=1)
    with contextlib.ExitStack() as stack:
        for _number in range(2 * in_threads.MOST_LARGE):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            slow.sendall(b"GET /file/ HTTP/1.1\r\nHost: x\r\n\r\n")
            assert slow.recv(1000)
        assert get(port, "/pieces/") == (200, b"one,two")


@pytest.mark.parametrize("size", [1_000, 2 * IN_MEMORY_BYTES])
def test_what_broke_off_is_not_asked(serve, served_site, size):
    port = serve(served_site)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (size + 1) + b"x" * size)
        time.sleep(0.3)
    assert get(port, "/pieces/") == (200, b"one,two")
    time.sleep(0.3)
    assert [environ["PATH_INFO"] for environ in served_site.asked] == ["/pieces/"]


def test_who_leaves_with_questions_open_is_no_fault(serve, served_site, caplog):
    with socket.create_connection(("127.0.0.1", serve(served_site)), timeout=10) as client:
        client.sendall(b"GET /waiting/ HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        time.sleep(0.3)
    served_site.go_on.set()
    time.sleep(0.5)
    assert not caplog.records
