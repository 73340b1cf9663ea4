"""Mail that comes back: reports are understood, people are heard, machines are not, and nothing breaks on either."""

import io
import sys
from email.message import EmailMessage

import pytest
from django.core.management import call_command
from django.db import DataError, OperationalError

from core import addresses, incoming
from core.incoming import Report
from core.models import QueuedMail
from newsletter import suppression
from newsletter.models import Delivery, Issue, Subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SENT = "<sent-1@portal.example>"

DELIVERY_STATUS = """From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: portal@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B/mx.example"
Message-Id: <report-1@mx.example>

This is a MIME-encapsulated message.

--B/mx.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B/mx.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Wed, 25 Nov 2026 10:00:00 +0000 (GMT)

Final-Recipient: rfc822; reader@example.org
Original-Recipient: rfc822;reader@example.org
Action: ACTION
Status: STATUS
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 <reader@example.org>: Recipient address rejected

--B/mx.example
Content-Description: Undelivered Message
Content-Type: ORIGINAL

Return-Path: <portal@example.org>
Message-ID: MESSAGE-ID
Subject: The plan
To: reader@example.org

Words.

--B/mx.example--
"""

FEEDBACK = """From: <abusedesk@mx.example>
To: portal@example.org
Subject: FW: The plan
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1"

--part1
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--part1
Content-Type: message/feedback-report

Feedback-Type: TYPE
User-Agent: SomeGenerator/1.0
Version: 1

--part1
Content-Type: message/rfc822
Content-Disposition: inline

From: <portal@example.org>
Message-ID: MESSAGE-ID
Subject: The plan

Words.
--part1--
"""


def bounce(message_id=SENT, status="5.1.1", action="failed", original="message/rfc822"):
    text = DELIVERY_STATUS.replace("MESSAGE-ID", message_id).replace("STATUS", status).replace("ACTION", action)
    return text.replace("ORIGINAL", original).encode()


def complaint(message_id=SENT, kind="abuse"):
    return FEEDBACK.replace("MESSAGE-ID", message_id).replace("TYPE", kind).encode()


@pytest.fixture
def delivery(site):
    """An issue that was sent to one subscriber."""
    subscriber = Subscriber.objects.create(
        email="reader@example.org", address_key=addresses.key("reader@example.org"), language="en", state="active"
    )
    issue = Issue.objects.create(locale=site.home.locale, subject="The plan", state="sent")
    return Delivery.objects.create(issue=issue, subscriber=subscriber, state="sent", message_id=SENT)


# What a mail is ------------------------------------------------------------------------------
@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers", "text/rfc822-headers; charset=utf-8"])
def test_report_names_the_mail_and_what_became_of_it(original):
    assert incoming.parse(bounce(original=original)) == Report(SENT, "bounce", "5.1.1", True)


def test_report_with_the_line_ends_of_the_wire_is_read():
    assert incoming.parse(bounce().replace(b"\n", b"\r\n")) == Report(SENT, "bounce", "5.1.1", True)


def test_full_mailbox_is_no_lasting_failure():
    assert incoming.parse(bounce(status="4.2.2 (mailbox full)")) == Report(SENT, "bounce", "4.2.2", False)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_report_that_the_mail_is_late_or_has_arrived_is_no_bounce(action):
    assert incoming.parse(bounce(action=action)) is None


def test_complaint_names_the_mail():
    assert incoming.parse(complaint()) == Report(SENT, "complaint")
    assert incoming.parse(complaint(kind="not-spam")) is None


def test_machines_are_ignored_and_people_are_not():
    message = EmailMessage()
    message["From"], message["Subject"] = "reader@example.org", "Re: Your enquiry"
    message.set_content("Thank you.")
    assert incoming.parse(message.as_bytes()).get_content().strip() == "Thank you."
    for value, is_person in (("no", True), ("No ; a=b", True), ("auto-replied", False), ("auto-generated; x", False)):
        del message["Auto-Submitted"]
        message["Auto-Submitted"] = value
        assert (incoming.parse(message.as_bytes()) is not None) is is_person


def test_report_that_a_person_forwards_is_no_report():
    message = EmailMessage()
    message["From"] = "somebody@example.org"
    message.set_content("What is this?")
    message.add_attachment(bounce(), maintype="application", subtype="octet-stream")
    assert not isinstance(incoming.parse(message.as_bytes()), Report)


# What follows --------------------------------------------------------------------------------
def test_lasting_bounce_marks_the_delivery_and_suppresses_the_address(delivery):
    assert incoming.take(bounce()) == "report"
    delivery.refresh_from_db()
    assert (delivery.has_bounced, delivery.trouble, delivery.subscriber) == (True, "5.1.1", None)
    assert suppression.is_suppressed("reader@example.org") == "bounced"
    # The same report once more.
    assert incoming.take(bounce()) == "report"


def test_bounce_that_may_pass_marks_the_delivery_alone(delivery):
    assert incoming.take(bounce(status="4.2.2")) == "report"
    delivery.refresh_from_db()
    assert (delivery.has_bounced, delivery.trouble) == (True, "4.2.2")
    assert Subscriber.objects.filter(pk=delivery.subscriber_id).exists()
    assert suppression.is_suppressed("reader@example.org") is None


def test_complaint_marks_the_delivery_and_suppresses_the_address(delivery):
    assert incoming.take(complaint()) == "report"
    delivery.refresh_from_db()
    assert (delivery.has_complained, delivery.has_bounced) == (True, False)
    assert suppression.is_suppressed("reader@example.org") == "complained"


@pytest.mark.parametrize("report", [bounce("<forged@portal.example>"), complaint("<forged@portal.example>")])
def test_report_of_a_mail_that_we_did_not_send_does_nothing(delivery, report):
    assert incoming.take(report) == "ignored"
    delivery.refresh_from_db()
    assert not (delivery.has_bounced or delivery.has_complained)
    assert Subscriber.objects.exists()


def test_complaint_about_the_confirmation_suppresses_who_never_asked(delivery):
    subscriber = delivery.subscriber
    QueuedMail.objects.create(
        about=suppression.about(subscriber.pk),
        recipients=subscriber.email,
        message_id="<asked@x>",
        raw=b"",
        state="sent",
    )
    assert incoming.take(complaint("<asked@x>")) == "report"
    assert suppression.is_suppressed("reader@example.org") == "complained"


def test_mail_to_one_person_is_refused_when_it_comes_back():
    row = QueuedMail.objects.create(recipients="reader@example.org", message_id=SENT, raw=b"", state="sent")
    waiting = QueuedMail.objects.create(recipients="reader@example.org", message_id="<2@x>", raw=b"x")
    assert incoming.take(complaint()) == "report"
    row.refresh_from_db()
    assert row.state == "sent"
    assert incoming.take(bounce()) == "report"
    assert incoming.take(bounce("<2@x>")) == "report"
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.state, row.trouble) == ("refused", "5.1.1")
    assert (waiting.state, bytes(waiting.raw)) == ("waiting", b"x")


# Nothing breaks ------------------------------------------------------------------------------
def nested(depth):
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"From: reader@example.org\nSubject: Deep\n{head}Content-Type: text/plain\n\nEnd".encode()


ODD = {
    "nothing": b"",
    "no mail at all": bytes(range(256)) * 40,
    "zeros": b"\0" * 5000,
    "no parts": b"Content-Type: multipart/report; boundary=x\n\nwords",
    "no boundary": b"Content-Type: multipart/report; report-type=delivery-status\n\n--x\n\n",
    "cut off": bounce()[:900],
    "cut in the original": bounce()[:-120],
    "status in words": b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n",
    "odd Message-ID": bounce("<<>\t< > \xfc \x00>"),
    "Message-ID for no database": bounce("=?utf-8?q?=3Ca=00b=40c=3E?="),
    "long Message-ID": bounce(f"<{'x' * 100_000}@x>"),
    "odd status": bounce(status="5.1.1.1.1 \U0001f4a5" * 1000),
    "odd charset": b"From: a@example.org\nContent-Type: text/plain; charset=x-\xff\n\n\xff\xfe\x00words",
    "odd headers": b"From: =?utf-9?Q?=FF?= <a@\xff>, ;;<>\nTo: @@@\nSubject: =?utf-8?B?/////w?=\nDate: x\n\nwords",
    "empty Auto-Submitted": b'From: a@b.example\nAuto-Submitted: ;;"\n\nwords',
    "nested": nested(20),
    "nested deep": nested(400),
    "nested deeper than is read": nested(30_000),
    "report in reports": b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n" * 240,
    "huge": b"From: reader@example.org\nSubject: Re: [K7M2-9QPA]\n\n" + b"x" * (33 * 1024 * 1024),
    "many headers": b"X: y\n" * 200_000 + b"\nwords",
    "many parts": bounce() + b"--B/mx.example\nContent-Type: text/plain\n\nx\n" * 50_000,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_mail_breaks_nothing_and_is_not_logged(name, caplog, delivery):
    assert incoming.take(ODD[name]) in ("ignored", "report")
    assert "example.org" not in caplog.text
    assert "words" not in caplog.text


@pytest.mark.parametrize("name", ["many headers", "many parts", "nested deeper than is read"])
def test_mail_that_would_keep_the_parser_busy_is_not_read(name, monkeypatch):
    monkeypatch.setattr(incoming, "message_from_bytes", None)
    assert incoming.parse(ODD[name]) is None


def test_fault_of_the_database_is_told_to_the_mail_server(monkeypatch, capsys):
    def fail(report):
        raise OperationalError

    monkeypatch.setattr(incoming, "_on_report", [fail])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bounce())))
    with pytest.raises(SystemExit) as ended:
        call_command("incoming_mail")
    assert ended.value.code == 75


def test_what_the_database_does_not_take_is_the_fault_of_the_mail_and_held_against_no_other(monkeypatch, caplog):
    def fail(report):
        raise DataError("words of reader@example.org")

    monkeypatch.setattr(incoming, "_on_report", [fail])
    assert incoming.take(bounce()) == "ignored"
    assert "DataError" in caplog.text
    assert "reader@example.org" not in caplog.text


def test_command_reads_one_mail_from_the_standard_input(monkeypatch, delivery):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bounce())))
    out = io.StringIO()
    call_command("incoming_mail", verbosity=2, stdout=out)
    assert out.getvalue().strip() == "report"
    delivery.refresh_from_db()
    assert delivery.has_bounced
