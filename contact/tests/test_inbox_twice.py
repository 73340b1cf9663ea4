"""Buttons that are pressed twice: the second answer is the one that the browser shows."""

import pytest
from django.urls import reverse

from contact.tests.inbox import enquiry_from, person
from portal import roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def address(client, site):
    client.force_login(person("editor", roles.EDITORS))
    return reverse("enquiry_inbox:show", args=[enquiry_from("Hello").pk])


def texts(client, address, kind):
    return [entry.text for entry in client.get(address).context["entries"] if entry.kind == kind]


@pytest.mark.parametrize(("action", "words"), [("reply", "The reply is on its way."), ("note", "The note is kept.")])
def test_the_second_press_does_nothing_and_tells_of_the_first(client, address, action, words):
    data = {"action": action, "seen": client.get(address).context["seen"], action: "Dear\r\nreader"}
    for _press in range(2):
        response = client.post(address, data)
        assert response.status_code == 302
    assert words in client.get(address).content.decode()
    assert texts(client, address, action) == ["Dear\nreader"]


@pytest.mark.parametrize("action", ["reply", "note"])
def test_the_same_words_again_are_taken_from_who_has_read_the_first(client, address, action):
    for _time in range(2):
        data = {"action": action, "seen": client.get(address).context["seen"], action: "Thank you"}
        assert client.post(address, data).status_code == 302
    assert texts(client, address, action) == ["Thank you", "Thank you"]


def test_the_same_words_of_a_colleague_are_told_first(client, address):
    data = {"action": "reply", "seen": client.get(address).context["seen"], "reply": "Dear reader"}
    client.post(address, data)
    client.force_login(person("colleague", roles.EDITORS))
    assert client.post(address, data).status_code == 422


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_odd_numbers_of_what_was_seen_send_nothing_and_lose_no_note(client, address, seen):
    assert client.post(address, {"action": "reply", "seen": seen, "reply": "Dear reader"}).status_code == 422
    client.post(address, {"action": "note", "seen": seen, "note": "Dear team"})
    assert (texts(client, address, "reply"), texts(client, address, "note")) == ([], ["Dear team"])
