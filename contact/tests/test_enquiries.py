"""Readers' messages: stored first, from our own pages only, with nothing typed lost."""

import smtplib

import pytest
from django_tasks_db.models import DBTaskResult

from contact.models import Enquiry
from core.models import QueuedMail
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ADDRESS = "/enquiries/"
SAME = {"origin": "http://testserver"}
GOOD = {"name": "A Reader", "email": "reader@example.org", "message": "Hello\nthere"}


def test_message_is_stored_and_thanked_with_its_reference(client, site):
    article = make_article(site)
    response = client.post(ADDRESS, GOOD | {"page": article.pk}, headers=SAME)
    assert response.status_code == 302
    enquiry = Enquiry.objects.get()
    assert (enquiry.email, enquiry.page_id, enquiry.state, enquiry.language) == (
        "reader@example.org",
        article.pk,
        "new",
        "en",
    )
    thanks = client.get(response["Location"])
    assert enquiry.reference in thanks.content.decode()
    assert not thanks.cookies


def test_welsh_message_is_thanked_in_welsh(client, site):
    response = client.post("/cy/enquiries/", GOOD, headers=SAME, follow=True)
    assert 'lang="cy"' in response.content.decode()
    assert Enquiry.objects.get().language == "cy"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "email"),
        ({"message": ""}, "message"),
        ({"message": "x" * 1_000_000}, "message"),
        ({"name": "n" * 500}, "name"),
    ],
)
def test_error_is_told_at_the_field_and_keeps_what_was_typed(client, site, change, field):
    response = client.post(ADDRESS, GOOD | change, headers=SAME)
    html = response.content.decode()
    assert response.status_code == 422
    assert not Enquiry.objects.exists()
    assert field in response.context["form"].errors
    assert 'aria-invalid="true"' in html
    assert "A Reader" in html or field == "name"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_posts_from_elsewhere_are_refused(client, site, headers):
    assert client.post(ADDRESS, GOOD, headers=headers).status_code == 403
    assert not Enquiry.objects.exists()


def test_post_that_says_nothing_of_its_origin_is_confirmed_first(client, site):
    response = client.post(ADDRESS, GOOD)
    assert response.status_code == 200
    assert not Enquiry.objects.exists()
    fields = dict(response.context["fields"]) | {"token": response.context["token"]}
    assert fields["message"] == "Hello\nthere"
    client.post(ADDRESS, fields)
    assert Enquiry.objects.get().message == "Hello\nthere"
    assert client.post(ADDRESS, GOOD | {"token": "forged"}).status_code == 200
    assert Enquiry.objects.count() == 1


def test_a_robot_is_thanked_and_held(client, site):
    client.post(ADDRESS, GOOD | {"website": "https://spam.example"}, headers=SAME)
    assert Enquiry.objects.get().state == "spam"


@pytest.mark.parametrize("page", ["x", "0", "-1", "99999999999999999999", "123456"])
def test_odd_page_numbers_lose_no_message(client, site, page):
    client.post(ADDRESS, GOOD | {"page": page}, headers=SAME)
    assert Enquiry.objects.count() == 1


def test_other_methods_and_forged_thanks_lead_to_the_contact_page(client, site):
    assert client.get(ADDRESS)["Location"].endswith("/contact/")
    assert client.get("/enquiries/forged/").status_code == 302
    assert client.put(ADDRESS).status_code == 405


def test_mail_server_that_is_away_does_not_hold_up_the_reader(client, site, settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.MAIL_TRANSPORT, settings.EMAIL_HOST = "core.transport.SMTPBackend", "127.0.0.1"
    tried = []
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *args, **kwargs: tried.append(args))
    assert client.post(ADDRESS, GOOD, headers=SAME).status_code == 302
    assert tried == []
    mail = QueuedMail.objects.get()
    assert (mail.state, mail.attempts, mail.about) == ("waiting", 0, Enquiry.objects.get().reference)
    assert DBTaskResult.objects.get().args_kwargs["args"] == [mail.pk]
