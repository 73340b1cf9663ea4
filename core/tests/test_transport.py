"""Handing mail over: a server that hangs, hangs up or says no at each step, and what is then known of the mail."""

import asyncio
import socket
import threading
import time
import traceback

import pytest
from django.core.mail import EmailMessage

from core import transport
from tests.mail_server import Controller

ADDRESS = "reader.of-ours@example.org"
# Seconds that a client waits for a server that answers, and for one that does not.
WHOLE, SHORT = 10, 1.5
STEPS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "message")


class Scripted:
    """An SMTP server by hand: its first connection goes wrong at one step, later ones take what they get.

    Args:
        step: one of ``STEPS``.
        fault: "hang", "hang up", or the reply to send.
    """

    def __init__(self, step, fault):
        self.step, self.fault = step, fault
        self.taken, self.connections, self.held = [], 0, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                client, _address = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            # A connection that hangs is kept, so that it is not closed behind our back.
            self.held.append(client)
            threading.Thread(target=self.talk, args=(client, self.connections == 1), daemon=True).start()

    def talk(self, client, goes_wrong):
        lines = client.makefile("rb")
        answers = {"EHLO": "250 here", "MAIL": "250 Ok", "RCPT": "250 Ok", "DATA": "354 Go on", "QUIT": "221 Bye"}
        step, answer, words = "greeting", "220 here", b""
        while True:
            if goes_wrong and step == self.step:
                if self.fault == "hang":
                    return
                if self.fault == "hang up":
                    client.shutdown(socket.SHUT_RDWR)
                    return
                answer, goes_wrong = self.fault, False
            if step == "message" and answer.startswith("250"):
                self.taken.append(words)
            client.sendall(f"{answer}\r\n".encode())
            if answer.startswith("354"):
                words = b"".join(iter(lines.readline, b".\r\n"))
                step, answer = "message", "250 Kept"
                continue
            if answer.startswith("421"):
                client.shutdown(socket.SHUT_RDWR)
                return
            line = lines.readline()
            if not line:
                return
            step = line[:4].decode().upper()
            answer = answers.get(step, "250 Ok")

    def stop(self):
        self.listening.close()
        for client in self.held:
            client.close()


@pytest.fixture
def smtp(settings):
    settings.MAIL_TRANSPORT = "core.transport.SMTPBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", WHOLE
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    started = []

    def start(step, fault):
        server = Scripted(step, fault)
        settings.EMAIL_PORT = server.port
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


def mail(subject="One"):
    return EmailMessage(subject, "Words", "portal@example.org", [ADDRESS], headers={"Message-ID": "<1@example.org>"})


def outcome(connection):
    """Return the error that sending a mail ends with, after a look that it does not say the address."""
    with pytest.raises(transport.MailError) as caught:
        connection.send(mail())
    told = "".join(traceback.format_exception(caught.value))
    assert ADDRESS not in told
    assert ADDRESS not in repr(caught.value.args)
    return caught.value


@pytest.mark.parametrize("fault", ["hang", "hang up"])
@pytest.mark.parametrize("step", STEPS)
def test_silence_at_each_step_says_what_is_known_and_the_next_mail_goes(smtp, settings, monkeypatch, step, fault):
    server = smtp(step, fault)
    if step == "message":
        monkeypatch.setattr(transport, "ANSWER_SECONDS", SHORT)
    settings.EMAIL_TIMEOUT = SHORT if fault == "hang" else WHOLE
    with transport.Connection() as connection:
        began = time.monotonic()
        error = outcome(connection)
        assert time.monotonic() - began < 3
        # Only from the moment that the server has the words can it have kept them.
        assert type(error) is (transport.InDoubt if step == "message" else transport.Unavailable)
        connection.backend.timeout = WHOLE
        connection.send(mail("Two"))
    assert len(server.taken) == 1
    assert b"Subject: Two" in server.taken[0]


@pytest.mark.parametrize("step", STEPS)
def test_server_that_closes_with_421_has_not_taken_the_mail_and_the_next_one_goes(smtp, step):
    server = smtp(step, f"421 4.3.2 Closing, sorry {ADDRESS}")
    with transport.Connection() as connection:
        assert type(outcome(connection)) is transport.Unavailable
        connection.send(mail("Two"))
    assert len(server.taken) == 1
    assert b"Subject: Two" in server.taken[0]


@pytest.mark.parametrize(
    ("step", "reply", "expected", "words"),
    [
        ("RCPT", f"550 5.1.1 <{ADDRESS}> unknown", transport.Refused, "550 5.1.1"),
        ("RCPT", f"450 4.2.1 <{ADDRESS}> is busy", transport.Unavailable, "450 4.2.1"),
        ("message", f"554 5.7.1 Spam for {ADDRESS}", transport.Refused, "554 5.7.1"),
        ("message", f"451 {ADDRESS} later", transport.Unavailable, "451"),
        ("DATA", f"554 5.5.1 {ADDRESS}", transport.Refused, "554 5.5.1"),
        ("MAIL", f"550 5.7.1 Not for {ADDRESS}", transport.Unavailable, "550 5.7.1"),
        ("greeting", "554 5.7.0 Not from there", transport.Unavailable, "554 5.7.0"),
    ],
)
def test_reply_decides_and_its_words_are_not_kept(smtp, step, reply, expected, words):
    server = smtp(step, reply)
    with transport.Connection() as connection:
        error = outcome(connection)
        assert (type(error), str(error)) == (expected, words)
        connection.send(mail("Two"))
    assert len(server.taken) == 1


def test_recipient_who_was_refused_leaves_the_connection_open(smtp):
    server = smtp("RCPT", "550 5.1.1 No")
    with transport.Connection() as connection:
        outcome(connection)
        connection.send(mail("Two"))
    assert server.connections == 1


def test_server_that_is_not_there_is_unavailable(smtp, settings):
    not_started = Controller(None)
    settings.EMAIL_PORT = not_started.port
    with transport.Connection() as connection, pytest.raises(transport.Unavailable):
        connection.open()


class Slow:
    """An aiosmtpd handler that takes its time for the words of the first mail, and to take on the third."""

    def __init__(self, seconds):
        self.seconds, self.subjects = seconds, []

    async def handle_MAIL(self, server, session, envelope, address, options):
        if len(self.subjects) == 2:
            await asyncio.sleep(30)
        envelope.mail_from = address
        return "250 Ok"

    async def handle_DATA(self, server, session, envelope):
        self.subjects.append(envelope.content.partition(b"Subject: ")[2][:3])
        if len(self.subjects) == 1:
            await asyncio.sleep(self.seconds)
        return "250 Kept"


def test_server_has_longer_for_the_words_than_for_anything_else(smtp, settings):
    server = Controller(Slow(5))
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = server.port, 3
    server.start()
    try:
        with transport.Connection() as connection:
            connection.send(mail())
            connection.send(mail("Two"))
            began = time.monotonic()
            assert type(outcome(connection)) is transport.Unavailable
            assert time.monotonic() - began < 15
    finally:
        server.stop()
    assert server.handler.subjects == [b"One", b"Two"]


def test_real_server_that_answers_too_late_leaves_the_mail_in_doubt(smtp, settings, monkeypatch):
    server = Controller(Slow(30))
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = server.port, SHORT
    monkeypatch.setattr(transport, "ANSWER_SECONDS", SHORT)
    server.start()
    try:
        with transport.Connection() as connection:
            assert type(outcome(connection)) is transport.InDoubt
            connection.backend.timeout = WHOLE
            connection.send(mail("Two"))
    finally:
        server.stop()
    # It had taken the first one: nothing but doubt was right.
    assert server.handler.subjects == [b"One", b"Two"]


@pytest.mark.parametrize(
    ("reply", "is_final"),
    [
        ("550", False),
        ("550 5.1.1", True),
        ("550 5.0.0", True),
        ("5.1.10", True),
        ("5.2.1", True),
        ("5.4.4", True),
        ("552", False),
        ("552 5.2.2", False),
        ("550 5.7.1", False),
        ("5.1.8", False),
        ("450 4.1.1", False),
        ("", False),
    ],
)
def test_only_what_speaks_of_the_address_itself_ends_a_subscription(reply, is_final):
    assert transport.is_no_such_address(reply) is is_final
