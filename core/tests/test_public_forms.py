"""Readers' forms as they arrive: too large, damaged, in odd encodings; and that their pages stay the same for all."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from contact import receiving
from contact.models import Enquiry
from core.forms import AddressForm
from core.spam import of_the_form
from delivery.views import server_error
from newsletter import subscribing
from tests.factories import make_article
from tests.pages import language_of, soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SAME = {"origin": "http://testserver"}
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def post(client, body, content_type=URLENCODED, address="/enquiries/"):
    return client.generic("POST", address, body, content_type=content_type, headers=SAME)


def parts(**fields):
    """Return a body in multipart/form-data; values are bytes."""
    made = [
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (k.encode(), v) for k, v in fields.items()
    ]
    return b"".join(made) + b"--b--\r\n"


@pytest.mark.parametrize("language", ["en", "cy", "ar"])
@pytest.mark.parametrize("content_type", [URLENCODED, MULTIPART])
def test_more_than_a_form_can_take_is_said_in_the_language_of_the_reader(client, site, language, content_type):
    huge = b"x" * 3_000_000
    body = parts(message=huge) if content_type == MULTIPART else b"message=" + huge
    address = "/enquiries/" if language == "en" else f"/{language}/enquiries/"
    response = post(client, body, content_type, address)
    assert response.status_code == 413
    assert language_of(response)[0] == language
    assert "no-store" in response["Cache-Control"]
    assert soup_of(response).h1.text


def test_too_many_fields_are_too_much(client, site):
    assert post(client, "&".join(f"a{number}=1" for number in range(10_001))).status_code == 413


def test_damaged_form_is_a_clear_error(client, site):
    response = post(client, b"no such boundary", "multipart/form-data")
    assert response.status_code == 400
    assert "arrived damaged" in response.content.decode()


@pytest.fixture
def full(monkeypatch):
    """A database that takes nothing more."""

    def refuse(*args):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(receiving, "receive", refuse)
    monkeypatch.setattr(subscribing, "sign_up", refuse)


def not_sent(response):
    """Return the language in which somebody is told that a form did not arrive; there is nowhere to go but back."""
    assert (response.status_code, soup_of(response).a) == (500, None)
    return language_of(response)[0]


@pytest.mark.parametrize("address", ["/enquiries/", "/newsletter/"])
def test_who_sends_what_cannot_be_stored_is_told_so(client, site, full, address):
    client.raise_request_exception = False
    fields = {"email": "reader@example.org", "message": "Long words.", "frequency": "weekly"}
    response = client.post(address, fields, headers=SAME)
    assert not_sent(response) == "en"
    assert soup_of(response).h1.text == "Not sent"
    assert "what you wrote should still be there" in response.content.decode()


@pytest.mark.parametrize(
    ("address", "language"), [("/enquiries/", "en"), ("/ar/enquiries/", "ar"), ("/newsletter/", "en")]
)
def test_who_sends_a_form_while_the_database_is_away_is_told_so(client, site, monkeypatch, address, language):
    def gone(*args, **kwargs):
        raise OperationalError("The server has gone away")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
    client.raise_request_exception = False
    assert not_sent(post(client, b"message=Long+words", address=address)) == language


def test_an_error_that_is_no_form_of_a_reader_is_a_page_that_could_not_be_made(rf):
    for request in (rf.get("/news/"), rf.post("/admin/pages/3/edit/")):
        assert "This page could not be made" in server_error(request).content.decode()


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "unicode_escape", "rot13", "base64", "idna", "no-such"])
@pytest.mark.parametrize("content_type", [URLENCODED, MULTIPART])
def test_form_is_read_as_utf_8_whatever_it_says(client, site, charset, content_type):
    fields = {"email": b"reader@example.org", "message": "Bore da ŵ 😀 \\ud800 +2AA-".encode()}
    body = (
        parts(**fields)
        if content_type == MULTIPART
        else b"&".join(name.encode() + b"=" + value.replace(b"+", b"%2B") for name, value in fields.items())
    )
    assert post(client, body, f"{content_type}; charset={charset}").status_code == 302
    assert Enquiry.objects.get().message == "Bore da ŵ 😀 \\ud800 +2AA-"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"email=reader@example.org&message=%ED%A0%80alone", 302),
        (b"email=reader@example.org&message=%FF%FEbytes", 302),
        (b"email=reader@example.org&message=a%00b", 422),
        (b"email=reader@example.org&message=Hi&name=a%00b", 422),
        (b"email=reader%00@example.org&message=Hi", 422),
        (b"email=reader@example.org&message=Hi&page=%00", 302),
        (b"email=reader@example.org&message=Hi&opened=%00%ED%A0%80", 302),
        ("email=reader@example.org&message=مرحبا \u202e بكم".encode(), 302),
        ("email=reader@example.org&message=👩‍👩‍👧‍👦".encode(), 302),
        (b"email=reader@example.org&email=other@example.org&message=Hi", 302),
    ],
)
def test_odd_signs_are_stored_or_told_and_never_a_fault(client, site, body, status):
    response = post(client, body)
    assert response.status_code == status
    if status == 302:
        Enquiry.objects.get().message.encode()
    else:
        assert response.context["form"].errors


def test_files_are_dropped_and_the_form_is_taken(client, site):
    file = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n' + b"x" * 3_000_000 + b"\r\n"
    body = file + parts(email=b"reader@example.org", message=b"Hello")
    assert post(client, body, MULTIPART).status_code == 302
    assert Enquiry.objects.get().message == "Hello"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("reader@Bücher.example", "reader@xn--bcher-kva.example"),
        ("reader@EXAMPLE.org", "reader@example.org"),
        ("reader@مثال.example", "reader@xn--mgbh0fb.example"),
        (f"reader@{'ü' * 60}.example", None),
        (f"reader@{'.'.join(['ü' * 45] * 5)}.example", None),
        ("ſ@example.org", None),
        ("reader@example.org\nBcc: x@y.example", None),
        ("<reader@example.org>", None),
        ("reader@[127.0.0.1]\x00", None),
        ("a" * 5_000 + "@example.org", None),
    ],
)
def test_address_is_stored_as_a_mail_server_takes_it(typed, stored):
    form = AddressForm({"email": typed})
    assert form.is_valid() == (stored is not None)
    assert form.cleaned_data.get("email") == stored


def test_confirmation_carries_every_value_of_every_field(client, site):
    data = {"email": "reader@example.org", "message": "a\r\nb", "field-x": ["one", "two"], "opened": "x"}
    response = client.post("/enquiries/", data)
    hidden = [(one["name"], one["value"]) for one in soup_of(response).select("main form input")]
    assert hidden[:-1] == [
        ("email", "reader@example.org"),
        ("message", "a\r\nb"),
        ("field-x", "one"),
        ("field-x", "two"),
        ("opened", "x"),
    ]
    assert hidden[-1][0] == "token"


def test_pages_with_forms_are_the_same_for_all_and_may_be_kept(client, site):
    make_article(site, "Fair funding")
    for address in ("/", "/news/fair-funding/", "/contact/", "/cy/"):
        first, second = client.get(address), client.get(address)
        assert not first.cookies
        assert first["Cache-Control"].startswith("public")
        assert first.content == second.content
        soup = soup_of(first)
        assert soup.select('form[action$="/enquiries/"]')
        assert not soup.select('[name="opened"], [name="token"], [name*="csrf"]')


def test_time_of_beginning_is_signed_and_not_kept(client):
    response = client.get(reverse("form_opened"))
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert of_the_form({"opened": response.content.decode()}) == ["hasty"]
    assert client.post(reverse("form_opened")).status_code == 405
