"""Passwords cannot be guessed by trying, nobody's mailbox is filled, and nobody locks another out."""

import pytest
from django.core import mail
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from delivery import limits, tries
from tests.factories import make_article

pytestmark = pytest.mark.django_db
HERE, NEXT_DOOR, ELSEWHERE = "192.0.2.7", "192.0.2.8", "198.51.100.7"
REFUSED = 429


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def eve(site, django_user_model):
    return django_user_model.objects.create_superuser("eve", "eve@portal.example", "secret")


def sign_in(client, password, name="eve", address=HERE):
    sent = {"username": name, "password": password}
    return client.post("/admin/login/", sent, REMOTE_ADDR=address).status_code


def ask_for_mail(client, to="eve@portal.example", address=HERE):
    return client.post("/admin/password_reset/", {"email": to}, REMOTE_ADDR=address).status_code


def test_after_ten_wrong_passwords_not_even_the_right_one_signs_in_for_a_while(client, eve, clock):
    assert {sign_in(client, f"wrong{number}", f"name{number}") for number in range(10)} == {200}
    refused = client.post("/admin/login/", {"username": "eve", "password": "secret"}, REMOTE_ADDR=HERE)
    assert (refused.status_code, refused["Retry-After"]) == (REFUSED, "900")
    assert "no-store" in refused["Cache-Control"]
    assert "<h1>Too many tries</h1>" in refused.content.decode()
    assert client.get("/admin/login/", REMOTE_ADDR=HERE).status_code == 200
    assert sign_in(client, "secret", address=NEXT_DOOR) == 302
    clock[0] += tries.PAUSE / 10
    assert sign_in(client, "secret") == 302


def test_right_passwords_are_not_counted(client, eve):
    assert {sign_in(client, "secret") for _number in range(30)} == {302}


def test_all_addresses_of_a_network_together_try_no_more_for_one_name(client, eve):
    tried = [sign_in(client, "wrong", " Eve", f"192.0.2.{number}") for number in range(12)]
    assert tried == [200] * 10 + [REFUSED] * 2
    assert sign_in(client, "secret", address=NEXT_DOOR) == REFUSED
    assert sign_in(client, "secret", address=ELSEWHERE) == 302
    assert sign_in(client, "wrong", "ann", NEXT_DOOR) == 200


def test_refused_tries_of_one_client_do_not_lock_out_the_name(client, eve):
    for number in range(10):
        sign_in(client, "wrong", f"name{number}")
    assert {sign_in(client, "wrong") for _number in range(20)} == {REFUSED}
    assert sign_in(client, "secret", address=NEXT_DOOR) == 302


def test_a_person_gets_few_mails_whoever_asks_for_them(client, eve, clock):
    asked = [ask_for_mail(client, "EVE@portal.example ", f"192.0.{number}.7") for number in range(8)]
    assert asked == [302] * 4 + [REFUSED] * 4
    assert len(mail.outbox) == 4
    assert ask_for_mail(client, "ann@portal.example") == 302
    clock[0] += tries.PAUSE + 1
    assert ask_for_mail(client) == 302
    assert len(mail.outbox) == 5


def test_a_client_asks_for_few_mails_and_learns_of_no_account(client, eve):
    addresses = ["eve@portal.example", *(f"nobody{number}@portal.example" for number in range(11))]
    assert [ask_for_mail(client, to) for to in addresses] == [302] * 10 + [REFUSED] * 2


def closed_page(site):
    article = make_article(site, "Plan")
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="password", password="sesame")
    return f"_util/authenticate_with_password/{restriction.pk}/{article.pk}/"


def closed_collection(site):
    board = Collection.get_first_root_node().add_child(name="Board")
    restriction = CollectionViewRestriction.objects.create(collection=board, restriction_type="password", password="a")
    return f"documents/authenticate_with_password/{restriction.pk}/"


@pytest.mark.parametrize("closed", [closed_page, closed_collection])
def test_a_readers_password_is_tried_ten_times(client, site, closed, clock):
    address = f"/cy/{closed(site)}"
    sent = {"password": "wrong", "return_url": "/"}
    assert {client.post(address, sent, REMOTE_ADDR=HERE).status_code for _number in range(10)} == {200}
    refused = client.post(address, sent, REMOTE_ADDR=HERE)
    assert (refused.status_code, refused["Retry-After"]) == (REFUSED, "900")
    assert '<html lang="cy"' in refused.content.decode()
    assert client.post(address, sent, REMOTE_ADDR=NEXT_DOOR).status_code == 200
    clock[0] += tries.PAUSE
    assert client.post(address, sent, REMOTE_ADDR=HERE).status_code == 200
