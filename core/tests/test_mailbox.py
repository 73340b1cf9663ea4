"""Reading a mailbox, on a real IMAP server: what is handled, what stays, and that a fault loses nothing."""

import contextlib
import grp
import imaplib
import logging
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import OperationalError

from core import incoming, mail, mailbox
from core.models import QueuedMail
from tests.running import free_port

pytestmark = pytest.mark.django_db
has_dovecot = pytest.mark.skipif(not shutil.which("dovecot"), reason="not installed (Debian: dovecot-imapd)")
PASSWORD = "p@ss/word"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = home={folder}/mail
}}
"""


@pytest.fixture(scope="module")
def server():
    """An IMAP server on loopback for the tests of this module; yields the address of its mailbox."""
    # Its processes run as a user of the system, to whom pytest's own folders are closed.
    folder = Path(tempfile.mkdtemp(prefix="portal-imap-"))
    folder.chmod(0o711)
    user = pwd.getpwnam("dovecot") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    port = free_port()
    group = grp.getgrgid(user.pw_gid).gr_name
    names = {"folder": folder, "user": user.pw_name, "group": group, "port": port, "password": PASSWORD}
    (folder / "conf").write_text(CONFIG.format(**names))
    (folder / "mail").mkdir()
    if os.getuid() == 0:
        os.chown(folder / "mail", user.pw_uid, user.pw_gid)
    command = ["dovecot", "-F", "-c", str(folder / "conf")]
    process = subprocess.Popen(command)
    url = f"imap://portal:p%40ss%2Fword@127.0.0.1:{port}/INBOX"
    deadline = time.monotonic() + 20
    while True:
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=5).shutdown()
            break
        except (OSError, imaplib.IMAP4.error):
            assert process.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(20)
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def as_person(url):
    """The mailbox as a person's mail program sees it."""
    program = imaplib.IMAP4("127.0.0.1", int(url.rpartition(":")[2].partition("/")[0]), timeout=10)
    program.login("portal", PASSWORD)
    program.select("INBOX")
    yield program
    program.logout()


@pytest.fixture
def box(server, settings, monkeypatch):
    """A function that puts a mail into the mailbox, which is empty at the beginning; answers are noted."""
    settings.MAILBOX_URL = server
    with as_person(server) as program:
        if program.search(None, "ALL")[1][0]:
            program.store("1:*", "+FLAGS", r"(\Deleted)")
            program.expunge()
    monkeypatch.setattr(incoming, "_on_answer", [lambda message: "Re:" in str(message["Subject"])])

    def put(text):
        with as_person(server) as program:
            program.append("INBOX", None, None, text.replace("\n", "\r\n").encode())

    return put


def left(url):
    """Return {subject: flags} of what is in the mailbox."""
    found = {}
    with as_person(url) as program:
        if not program.search(None, "ALL")[1][0]:
            return {}
        _ok, data = program.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        for part in data:
            if isinstance(part, tuple):
                subject = part[1].decode().partition(":")[2].strip()
                found[subject] = {flag.decode() for flag in imaplib.ParseFlags(part[0])} - {r"\Recent"}
    return found


def sent():
    row = mail.queue(EmailMessage("One", "Words", "portal@example.org", ["reader@example.org"]))
    QueuedMail.objects.update(state=QueuedMail.State.SENT)
    return row


def report(message_id):
    return f"""From: MAILER-DAEMON@example.org
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It came back.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; reader@example.org
Action: failed
Status: 5.1.1

--x
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: One

--x--
"""


ANSWER = "From: reader@example.org\nSubject: Re: your enquiry\n\nThank you.\n"
OTHER = "From: friend@example.org\nSubject: Lunch?\n\nToday?\n"


@has_dovecot
def test_report_of_our_mail_is_handled_and_removed_and_the_rest_stays_unread(box, server):
    row = sent()
    for text in (
        report(row.message_id),
        ANSWER,
        OTHER,
        report("<forged@example.org>").replace("Undel", "Forged, undel"),
    ):
        box(text)
    mailbox.read.func()
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("refused", "5.1.1")
    # No \\Seen: a person finds them as new as they are.
    assert left(server) == {
        "Re: your enquiry": {"PortalRead"},
        "Lunch?": {"PortalRead"},
        "Forged, undelivered": {"PortalRead"},
    }


@has_dovecot
def test_what_was_read_is_not_read_again_whatever_a_person_has_seen(box, server, monkeypatch):
    box(ANSWER)
    with as_person(server) as program:
        program.store("1", "+FLAGS", r"(\Seen)")
    got = []
    monkeypatch.setattr(incoming, "_on_answer", [lambda message: got.append(message) or True])
    mailbox.read.func()
    mailbox.read.func()
    assert len(got) == 1


@has_dovecot
def test_database_that_cannot_be_reached_leaves_all_of_it_for_the_next_time(box, server, monkeypatch):
    row = sent()
    box(report(row.message_id))

    def broken(found):
        raise OperationalError("down: reader@example.org")

    with monkeypatch.context() as patched:
        patched.setattr(incoming, "_on_report", [broken])
        mailbox.read.func()
    assert left(server) == {"Undelivered": set()}
    mailbox.read.func()
    assert left(server) == {}
    row.refresh_from_db()
    assert row.state == "refused"


@has_dovecot
def test_mail_that_a_person_has_marked_as_deleted_is_left_to_that_person(box, server):
    row = sent()
    box(OTHER)
    with as_person(server) as program:
        program.store("1", "+FLAGS", r"(\Deleted)")
    box(report(row.message_id))
    mailbox.read.func()
    assert left(server) == {"Lunch?": {r"\Deleted"}}


@has_dovecot
def test_huge_and_malformed_mails_hold_nothing_up(box, server):
    row = sent()
    box("Subject: Huge\nContent-Type: text/plain\n\n" + "0123456789" * 700_000)
    box("Subject: \x00\x07 =?x-no-such?b?####?=\nContent-Type: multipart/mixed; boundary=\n\n--\n\n--")
    box(report(row.message_id))
    mailbox.read.func()
    row.refresh_from_db()
    assert row.state == "refused"


@has_dovecot
@pytest.mark.parametrize("change", [("p%40ss", "wrong"), ("/INBOX", "/NoSuchFolder")])
def test_what_the_server_refuses_is_a_line_in_the_log_without_the_password(box, server, settings, change, caplog):
    settings.MAILBOX_URL = server.replace(*change)
    with caplog.at_level(logging.DEBUG):
        mailbox.read.func()
    assert "cannot be read now" in caplog.text
    assert "word" not in caplog.text


def test_server_that_is_not_there_is_a_line_in_the_log(settings, caplog):
    settings.MAILBOX_URL = f"imap://portal:secret@127.0.0.1:{free_port()}/INBOX"
    mailbox.read.func()
    assert "ConnectionRefusedError" in caplog.text
    assert "secret" not in caplog.text


def test_scheduler_looks_into_the_mailbox_where_there_is_one(settings, site, caplog, monkeypatch):
    # It closes the connection that the test stands on.
    monkeypatch.setattr("portal.management.commands.scheduler.close_old_connections", lambda: None)
    settings.MAILBOX_URL = ""
    call_command("scheduler", once=True)
    assert "mailbox" not in caplog.text
    settings.MAILBOX_URL = f"imap://portal:secret@127.0.0.1:{free_port()}/INBOX"
    call_command("scheduler", once=True)
    assert "The mailbox cannot be read now (ConnectionRefusedError)" in caplog.text
