"""Mails of senders that come back: found by thread or reference, never from somebody else."""

import time
from email.message import EmailMessage

import pytest

from contact.inbox.answers import LONGEST_TEXT, take
from contact.inbox.words import words_of
from contact.models import ThreadEntry
from contact.tests.inbox import enquiry_from
from core import incoming

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def mail(sender="A Reader <reader@example.org>", text="Thank you.\n\n> Dear reader", **headers):
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "office@portal.example"
    message["Message-ID"] = headers.pop("message_id", "<answer@example.org>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


@pytest.fixture
def enquiry(db):
    enquiry = enquiry_from("Hello", state="answered")
    enquiry.thread.create(kind="reply", text="Dear reader", message_id="<reply@portal.example>")
    return enquiry


def test_answers_are_asked_for():
    assert take in incoming._on_answer


@pytest.mark.parametrize(
    "headers",
    [
        {"In_Reply_To": "<reply@portal.example>"},
        {"References": "<other@example.org>\r\n <reply@portal.example>".replace("\r\n", "")},
        {"Subject": "Re: your enquiry"},
    ],
)
def test_answer_goes_into_the_thread_and_the_enquiry_waits_again(enquiry, headers):
    if "Subject" in headers:
        headers = {"Subject": f"AW: Re: [{enquiry.reference.lower()}] Hello"}
    assert take(mail(sender="READER@Example.org", **headers))
    entry = enquiry.thread.get(kind="answer")
    assert entry.text == "Thank you.\n\n> Dear reader"
    assert (entry.message_id, entry.author) == ("<answer@example.org>", None)
    enquiry.refresh_from_db()
    assert enquiry.state == "new"


def test_enquiry_that_somebody_has_is_assigned_again(enquiry, admin_user):
    enquiry.assigned_to = admin_user
    enquiry.save()
    take(mail(In_Reply_To="<reply@portal.example>"))
    enquiry.refresh_from_db()
    assert enquiry.state == "assigned"


def test_spam_stays_held(enquiry):
    enquiry.state = "spam"
    enquiry.save()
    assert take(mail(In_Reply_To="<reply@portal.example>"))
    enquiry.refresh_from_db()
    assert enquiry.state == "spam"


@pytest.mark.parametrize("sender", ["other@example.org", "reader@example.org.evil.example", "nobody", "", "<>"])
def test_mail_from_another_address_is_not_its_own(enquiry, sender):
    message = mail(sender=sender, In_Reply_To="<reply@portal.example>", Subject=f"Re: [{enquiry.reference}]")
    assert not take(message)
    assert not enquiry.thread.filter(kind="answer").exists()


def test_mail_that_names_no_enquiry_is_left_to_others(enquiry):
    enquiry.thread.create(kind="note", text="Without a message id")
    assert not take(mail(Subject="Hello"))
    assert not take(mail(In_Reply_To="<unknown@example.org>", Subject="[AAAA-2222]"))
    assert not take(mail(In_Reply_To="", References=" "))


def test_the_same_mail_is_kept_once(enquiry):
    assert take(mail(In_Reply_To="<reply@portal.example>"))
    assert take(mail(In_Reply_To="<reply@portal.example>"))
    assert enquiry.thread.filter(kind="answer").count() == 1


def test_long_text_is_cut_and_odd_ones_are_read(enquiry):
    take(mail(text="x" * 30_000, In_Reply_To="<reply@portal.example>"))
    assert len(enquiry.thread.get(kind="answer").text) == LONGEST_TEXT
    odd = EmailMessage()
    odd["From"], odd["In-Reply-To"] = "reader@example.org", "<reply@portal.example>"
    odd["Content-Type"] = 'text/plain; charset="x-unknown"'
    odd.set_payload("Nothing\0 lost")
    assert take(odd)
    assert ThreadEntry.objects.filter(kind="answer", text="Nothing lost").exists()
    halves = mail(message_id="<halves@example.org>", In_Reply_To="<reply@portal.example>")
    del halves["Content-Type"], halves["Content-Transfer-Encoding"]
    halves["Content-Type"] = 'text/plain; charset="utf-7"'
    halves.set_payload("Half a +2AA-letter")
    assert take(halves)
    assert ThreadEntry.objects.filter(kind="answer", text="Half a letter").exists()


def test_message_ids_that_no_database_takes_count_for_nothing(enquiry):
    odd = "=?utf-8?q?=3Ca=00b=40c=3E?="
    headers = f"From: reader@example.org\nMessage-ID: {odd}\nIn-Reply-To: {odd}\n"
    assert incoming.take(f"{headers}Subject: Re: Hello\n\nThank you.".encode()) == "ignored"
    assert incoming.take(f"{headers}Subject: Re: [{enquiry.reference}]\n\nThank you.".encode()) == "answer"
    assert enquiry.thread.get(kind="answer").message_id == ""


def test_html_is_kept_as_words_and_files_are_told(enquiry):
    message = mail(In_Reply_To="<reply@portal.example>")
    message.set_content("<p>Many <b>thanks</b></p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    assert take(message)
    assert enquiry.thread.get(kind="answer").text == "Many thanks"
    assert "1 attachment" in enquiry.thread.get(kind="change").text


def test_words_in_html_are_kept_in_their_lines_without_codes(enquiry):
    message = mail(In_Reply_To="<reply@portal.example>")
    message.set_content(
        "<style>p{color:red}</style><p>Dear team,</p><p>it&#8217;s at 5&nbsp;pm &amp; costs &lt; &pound;5.</p>"
        "<div>Line one</div><div>Line two<br>and three</div><script>a()</script>",
        subtype="html",
    )
    assert take(message)
    assert enquiry.thread.get(kind="answer").text == (
        "Dear team,\n\nit’s at 5 pm & costs < £5.\n\nLine one\nLine two\nand three"
    )


def test_html_is_read_where_the_plain_part_is_empty(enquiry):
    message = mail(text="\n", In_Reply_To="<reply@portal.example>")
    message.add_alternative("<p>Many thanks</p>", subtype="html")
    assert take(message)
    assert enquiry.thread.get(kind="answer").text == "Many thanks"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<DIV>Hello<div><br></div><div>you</div></DIV>", "Hello\n\nyou"),
        ("<p class=MsoNormal>One<o:p></o:p></p>\r\n<p><o:p>&nbsp;</o:p></p>\r\n<p>two", "One\n\ntwo"),
        ("<!--[if mso]><p>mso</p><![endif]--><!DOCTYPE html><![if !mso]>Shown<![endif]>", "Shown"),
        ("<pre>One\n  two</pre>", "One\ntwo"),
        ("1 < 2 and 3 > 2 < plain >", "1 < 2 and 3 > 2 < plain >"),
        ("Hello<style>never closed", "Hello"),
        ("<table><tr><td>Name</td><td>A&nbsp;Reader</td></tr></table>", "Name\nA Reader"),
        ("<blockquote>" * 5000 + "deep", "deep"),
    ],
)
def test_html_of_all_kinds_becomes_lines(html, words):
    assert words_of(html) == words


@pytest.mark.parametrize("piece", ["<p>", "<", "<!--", "&#", "<a x='", "<style>", "</style ", "&nbsp;\n", "\t<br>"])
def test_hostile_html_is_read_in_the_time_of_any_other(piece):
    started = time.process_time()
    words_of(piece * 100_000)
    assert time.process_time() - started < 2


def test_mail_without_words_is_still_an_answer(enquiry):
    message = EmailMessage()
    message["From"], message["In-Reply-To"] = "reader@example.org", "<reply@portal.example>"
    message.set_content(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    assert take(message)
    assert enquiry.thread.get(kind="answer").text == ""
