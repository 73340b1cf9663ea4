"""Signing up: noted once, confirmed by a button, and answered alike whatever is known of the address."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from core.models import Furniture, QueuedMail
from newsletter import subscribing, suppression
from newsletter.models import Subscriber, Suppression
from newsletter.tests import mailbox
from newsletter.tests.ageing import grow_older
from tests.factories import make_article
from tests.pages import hreflang_of, soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State, Reason = Subscriber.State, Suppression.Reason


def test_sign_up_is_noted_with_its_choices_consent_and_source(sign_up, site):
    Furniture.objects.filter(locale=site.home.locale).update(newsletter_note="We keep your address.")
    article = make_article(site)
    topic = str(site.topic.translation_key)
    response = sign_up(page=article.pk, topics=[topic], frequency="monthly", email="Reader@Example.org")
    assert (response.status_code, response["Location"]) == (302, "/newsletter/thanks/")
    row = Subscriber.objects.get()
    assert (row.email, row.state, row.language, row.topics, row.frequency) == (
        "Reader@example.org",
        "pending",
        "en",
        [topic],
        "monthly",
    )
    assert row.consent_text == "We keep your address."
    assert row.consent_version == hashlib.sha256(b"We keep your address.").hexdigest()[:12]
    assert row.source == "http://localhost/news/an-article/"
    assert timezone.now() - row.asked_on < timedelta(minutes=1)


def test_box_on_a_page_leads_to_a_weekly_newsletter_about_everything(sign_up):
    sign_up()
    row = Subscriber.objects.get()
    assert (row.topics, row.frequency, row.source) == ([], "weekly", "http://localhost/newsletter/")


def test_answer_is_the_same_whatever_is_known_of_the_address(sign_up, subscriber):
    suppression.suppress("complained@example.org", Reason.COMPLAINED)
    suppression.suppress("erased@example.org", Reason.ERASED)
    names = ("reader", "new", "new", "complained", "erased")
    answers = [sign_up(email=f"{name}@example.org") for name in names]
    assert {(answer.status_code, answer["Location"], answer.content) for answer in answers} == {
        (302, "/newsletter/thanks/", b"")
    }


def test_subscriber_who_signs_up_again_gets_a_link_to_the_preferences_once_an_hour(sign_up, client, subscriber):
    sign_up("/cy/newsletter/", frequency="each", email="READER@example.ORG")
    sign_up()
    [message] = mail.outbox
    assert message.to == ["reader@example.org"]
    path = mailbox.link()
    assert path.startswith("/newsletter/preferences/")
    assert path in message.alternatives[0].content
    assert client.get(path).status_code == 200
    grow_older(minutes=61)
    sign_up()
    assert len(mail.outbox) == 2
    row = Subscriber.objects.get()
    assert (row.state, row.language, row.frequency) == (State.ACTIVE, "en", "weekly")


@pytest.mark.parametrize("reason", [Reason.COMPLAINED, Reason.ERASED])
def test_who_complained_or_was_erased_is_not_mailed_nor_stored(sign_up, reason):
    suppression.suppress("reader@example.org", reason)
    assert sign_up(email="Reader@EXAMPLE.org").status_code == 302
    assert not mail.outbox
    assert not Subscriber.objects.exists()
    assert not QueuedMail.objects.exists()


def test_a_robot_is_thanked_and_nothing_is_stored(sign_up):
    assert sign_up(website="https://spam.example")["Location"] == "/newsletter/thanks/"
    assert not Subscriber.objects.exists()
    assert not mail.outbox


def test_eleventh_sign_up_of_a_client_within_an_hour_is_refused_in_words(sign_up):
    for number in range(10):
        assert sign_up(email=f"reader{number}@example.org").status_code == 302
    response = sign_up(email="reader10@example.org")
    assert response.status_code == 429
    assert "Too many sign-ups" in response.content.decode()
    assert "reader10@example.org" in response.content.decode()
    assert Subscriber.objects.count() == 10


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "email"),
        ({"email": "a@example.org\0"}, "email"),
        ({"email": "🙂@example.org"}, "email"),
        ({"email": "reader@ехаmple.org"}, "email"),
        ({"email": "reader@xn--mple-43d9bc.org"}, "email"),
        ({"email": "x" * 1_000_000 + "@example.org"}, "email"),
        ({"frequency": "hourly"}, "frequency"),
        ({"frequency": "\0"}, "frequency"),
        ({"topics": ["1"]}, "topics"),
        ({"topics": ["3f3d1c2e-0000-4000-8000-000000000000", "\0"]}, "topics"),
    ],
)
def test_error_is_told_at_the_field_on_the_page_filled_in(sign_up, site, fields, at):
    response = sign_up(**{"page": "12", "frequency": "monthly", "topics": [str(site.topic.translation_key)]} | fields)
    assert response.status_code == 422
    assert "no-store" in response["Cache-Control"]
    assert list(response.context["form"].errors) == [at]
    soup = soup_of(response)
    field = soup.find(id=f"id_{at}")
    described = field if at == "email" else field.find_parent("fieldset")
    assert f"id_{at}_error" in described["aria-describedby"].split()
    assert soup.find(id=f"id_{at}_error").get_text(strip=True)
    assert soup.select_one(f".error-summary a[href='#id_{at}']")
    assert soup.title.string.startswith("Error: ")
    assert soup.select_one("form.enquiry [name=page]")["value"] == "12"
    if at == "email":
        assert soup.select_one("[name=frequency][checked]")["value"] == "monthly"
        assert soup.select_one("[name=topics][checked]")["value"] == str(site.topic.translation_key)
    else:
        assert soup.find(id="id_email")["value"] == "reader@example.org"
    assert not Subscriber.objects.exists()
    assert not mail.outbox


def test_address_with_letters_of_one_other_alphabet_is_written_in_ascii(sign_up):
    sign_up(email="reader@bücher.example")
    assert mail.outbox[0].to == ["reader@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_sign_up_from_another_site_is_refused(sign_up, headers):
    assert sign_up(headers=headers).status_code == 403
    assert not Subscriber.objects.exists()


def test_sign_up_that_says_nothing_of_its_origin_is_confirmed_first(client, site):
    topic = str(site.topic.translation_key)
    response = client.post("/newsletter/", {"email": "reader@example.org", "topics": [topic]})
    assert not Subscriber.objects.exists()
    fields = dict(response.context["fields"]) | {"token": response.context["token"]}
    assert client.post("/newsletter/", fields).status_code == 302
    assert Subscriber.objects.get().topics == [topic]


def test_other_methods_and_unknown_languages_are_no_faults(client, site):
    assert client.put("/newsletter/").status_code == 405
    assert client.post("/newsletter/thanks/").status_code == 405
    assert client.post("/xx/newsletter/", {"email": "reader@example.org"}).status_code == 404
    for body, kind in (
        ("{", "application/json"),
        ("x", "multipart/form-data"),
        ("x", "multipart/form-data; boundary=é"),
    ):
        response = client.post("/newsletter/", body, content_type=kind, headers={"origin": "http://testserver"})
        assert 400 <= response.status_code < 500
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/cy", "cy"), ("/ar", "ar")])
def test_page_to_sign_up_is_the_same_for_everybody_and_indexed(client, site, prefix, language):
    Furniture.objects.filter(locale__language_code=language).update(newsletter_note="A note")
    first, second = client.get(f"{prefix}/newsletter/"), client.get(f"{prefix}/newsletter/?email=x")
    assert first.content == second.content
    assert first["Cache-Control"] == "public, no-cache"
    assert not first.cookies
    html = first.content.decode()
    assert "csrf" not in html
    assert "noindex" not in html
    assert "A note" in html
    assert hreflang_of(first)["cy"] == "/cy/newsletter/"
    assert [one["value"] for one in soup_of(first).select("[name=frequency]")] == ["each", "weekly", "monthly"]
    topics = [one.parent.get_text(strip=True) for one in soup_of(first).select("[name=topics]")]
    assert topics == {"en": ["Policy"], "cy": ["Polisi"], "ar": []}[language]


@pytest.mark.parametrize("address", ["/", "/news/", "/news/an-article/", "/contact/", "/cy/", "/newsletter/thanks/"])
def test_pages_with_the_box_hold_no_token_and_set_no_cookie(client, site, address):
    make_article(site)
    response = client.get(address)
    assert not response.cookies
    assert "Vary" not in response or "Cookie" not in response["Vary"]
    hidden = {
        one["name"]
        for form in soup_of(response).select("form[action$='/newsletter/']")
        for one in form.select("[type=hidden]")
    }
    assert hidden <= {"page"}
    assert "csrf" not in response.content.decode()


def test_page_of_thanks_is_not_indexed(client, site):
    assert 'content="noindex"' in client.get("/newsletter/thanks/").content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_sign_ups_at_the_same_moment_make_one_subscriber_and_one_mail(new_site):
    start, faults = threading.Barrier(4), []

    def press():
        try:
            start.wait(10)
            subscribing.sign_up(
                "reader@example.org", language="en", topics=[], frequency="weekly", consent_text="", source=""
            )
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Subscriber.objects.count() == 1
    assert QueuedMail.objects.count() == 1
