"""Mails about enquiries: what each says and to whom, and the thread that they make."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail

from contact import mailing
from contact.models import Enquiry, ThreadEntry
from contact.tests.building import FILLED, build, make_departments
from core.models import QueuedMail

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SAME = {"origin": "http://testserver"}


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """Return a function that posts a form, and does what happens at the commit."""

    def post(client, address, data):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data, headers=SAME)

    return post


def whole(message):
    """Return all that a mail shows, the text and the HTML."""
    return message.subject + message.body + "".join(str(part.content) for part in message.alternatives)


def test_sender_and_team_are_mailed_with_the_reference(client, site, outbox, committing):
    press, _secretariat = make_departments()
    page = build(site.contact["en"], [press], acknowledgement_text="We answer in a week.")
    committing(client, "/enquiries/", FILLED | {"page": page.pk})
    enquiry = Enquiry.objects.get()
    acknowledgement, notification = outbox
    assert acknowledgement.to == ["reader@example.org"]
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert acknowledgement["Reply-To"] == "press@portal.example"
    assert enquiry.reference in acknowledgement.subject
    for part in (acknowledgement.body, str(acknowledgement.alternatives[0].content)):
        assert enquiry.reference in part
        assert "We answer in a week." in part
    assert notification.to == ["press@portal.example", "desk@portal.example"]
    assert notification["Reply-To"] == "reader@example.org"
    for part in (notification.body, str(notification.alternatives[0].content)):
        for words in ("A Reader", "reader@example.org", "Where is the plan?", "Which visits?", "Leeds", "/contact/"):
            assert words in part, words
    entries = list(enquiry.thread.all())
    assert [entry.kind for entry in entries] == ["acknowledgement", "notification"]
    assert [entry.message_id for entry in entries] == [acknowledgement["Message-ID"], notification["Message-ID"]]
    assert set(QueuedMail.objects.values_list("about", flat=True)) == {enquiry.reference}


def test_acknowledgement_carries_no_word_of_the_form(client, site, outbox, committing):
    build(site.contact["en"])
    words = {"name": "Buypills", "message": "Zinc http://zinc.example", "field-post": "Copper", "field-plan": "Nickel"}
    committing(client, "/enquiries/", FILLED | words)
    [acknowledgement] = outbox
    for word in ("Buypills", "Zinc", "zinc.example", "Copper", "Nickel", "Cardiff"):
        assert word not in whole(acknowledgement)
        assert word.encode() not in acknowledgement.raw


@pytest.mark.parametrize(("language", "direction"), [("cy", "ltr"), ("ar", "rtl")])
def test_acknowledgement_is_in_the_language_of_the_page(client, site, outbox, committing, language, direction):
    site.contact[language].acknowledgement_text = "نجيب في أسبوع."
    site.contact[language].save()
    committing(client, f"/{language}/enquiries/", {"email": "reader@example.org", "message": "Hello"})
    [message] = outbox
    assert message["Content-Language"] == language
    html = str(message.alternatives[0].content)
    assert f'lang="{language}" dir="{direction}"' in html
    assert "نجيب في أسبوع." in html
    assert f"Portal {language}" in message.subject


def test_the_address_of_a_page_is_named_in_letters_that_people_read(client, site, outbox, committing):
    press, _secretariat = make_departments()
    page = build(site.contact["ar"], [press])
    committing(client, "/ar/enquiries/", FILLED | {"page": page.pk})
    notification = outbox[1]
    html = BeautifulSoup(str(notification.alternatives[0].content), "html.parser")
    link = html.find("a", href=lambda address: "%D8" in address)
    assert link["href"] == page.full_url
    for said in (link.text, notification.body):
        assert "/ar/اتصل/" in said
        assert "%D8" not in said


def test_without_a_department_the_address_of_the_page_is_told_and_without_one_nobody(client, site, outbox, committing):
    data = {"email": "reader@example.org", "message": "Hello"}
    committing(client, "/enquiries/", data)
    assert [message.to for message in outbox] == [["reader@example.org"]]
    site.contact["en"].email = "team@portal.example"
    site.contact["en"].save()
    committing(client, "/enquiries/", data | {"message": "Hello again"})
    assert outbox[-1].to == ["team@portal.example"]


@pytest.mark.parametrize("instead", ["draft", "alias", "page that names nobody"])
def test_a_language_without_a_team_of_its_own_has_that_of_the_default_language(
    client, site, outbox, committing, instead
):
    press, _secretariat = make_departments()
    english = build(site.contact["en"], [press])
    if instead == "draft":
        site.contact["ar"].unpublish()
    if instead == "alias":
        site.contact["ar"].delete()
        english.copy_for_translation(site.homes["ar"].locale, alias=True)
    data = {"email": "reader@example.org", "message": "Hello"}
    committing(client, "/ar/enquiries/", data)
    assert Enquiry.objects.get().department == press
    assert outbox[-1].to == ["press@portal.example", "desk@portal.example"]
    build(english, email="team@portal.example")
    committing(client, "/ar/enquiries/", data | {"message": "Hello again"})
    assert outbox[-1].to == ["team@portal.example"]


def test_where_the_default_language_has_no_team_any_other_is_told(client, site, outbox, committing):
    site.contact["en"].unpublish()
    build(site.contact["ar"], make_departments()[1:])
    committing(client, "/enquiries/", {"email": "reader@example.org", "message": "Hello"})
    assert outbox[-1].to == ["secretariat@portal.example"]


@pytest.mark.parametrize("field", ["name", "email", "message", "page", "field-post", "field-plan", "field-phone"])
def test_no_field_makes_a_header(client, site, outbox, committing, field):
    build(site.contact["en"], email="team@portal.example")
    for end in ("\r\n", "\n", "\r", "\u2028", "\x0b", "%0d%0a"):
        evil = f"{FILLED.get(field, '1')}{end}Bcc: victim@evil.example{end}Subject: Won"
        response = committing(client, "/enquiries/", FILLED | {field: evil, "message": f"{end!r}"} | {field: evil})
        assert response.status_code in (302, 422)
    for message in outbox:
        assert message.to in (["reader@example.org"], ["team@portal.example"])
        header = message.raw.split(b"\n\n", 1)[0].replace(b"\r", b"")
        assert b"\nBcc:" not in header
        assert header.count(b"\nSubject:") == 1


def test_reply_stands_in_the_thread_and_answers_the_enquiry(
    site, admin_user, outbox, django_capture_on_commit_callbacks
):
    press, _secretariat = make_departments()
    enquiry = Enquiry.objects.create(
        email="reader@example.org", message="Where?\nWhen?", language="cy", department=press, address_key="k"
    )
    with django_capture_on_commit_callbacks(execute=True):
        first = mailing.acknowledge(enquiry)
        mailing.notify(enquiry)
        theirs = ThreadEntry.objects.create(enquiry=enquiry, kind="answer", message_id="<theirs@mail.example>")
        ThreadEntry.objects.create(enquiry=enquiry, kind="answer", message_id="<odd one>\nBcc: x@y.example")
        entry = mailing.reply(enquiry, admin_user, "Here.\n\n<b>Now.</b>")
    message = outbox[-1]
    assert message.to == ["reader@example.org"]
    assert message.subject.startswith("Re: ")
    assert message.subject.removeprefix("Re: ") == outbox[0].subject
    assert message["In-Reply-To"] == theirs.message_id
    assert message["References"].split() == [first.message_id, theirs.message_id]
    assert message["Reply-To"] == "press@portal.example"
    assert message["Auto-Submitted"] is None
    assert message.body.startswith("Here.\n\n<b>Now.</b>")
    assert "> Where?\n> When?" in message.body
    assert "&lt;b&gt;" in message.alternatives[0].content
    assert (entry.kind, entry.author, entry.text) == ("reply", admin_user, "Here.\n\n<b>Now.</b>")
    enquiry.refresh_from_db()
    assert enquiry.state == "answered"
    assert enquiry.answered_on is not None


def test_long_thread_keeps_its_beginning_and_its_end(site, admin_user, outbox, django_capture_on_commit_callbacks):
    enquiry = Enquiry.objects.create(email="reader@example.org", message="?", language="en", address_key="k")
    for number in range(100):
        ThreadEntry.objects.create(enquiry=enquiry, kind="answer", message_id=f"<{number}@mail.example>")
    with django_capture_on_commit_callbacks(execute=True):
        mailing.reply(enquiry, admin_user, "Yes.")
    references = outbox[-1]["References"].split()
    assert references == [f"<{number}@mail.example>" for number in (0, *range(81, 100))]
