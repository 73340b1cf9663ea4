"""Confirming: in the language of the page, by a button, once, in time."""

import pytest
from django.core import mail, signing

from core.models import QueuedMail
from newsletter import subscribing, suppression
from newsletter.models import Subscriber, Suppression
from newsletter.tests import mailbox
from newsletter.tests.ageing import grow_older
from tests.pages import language_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State, Reason = Subscriber.State, Suppression.Reason


@pytest.mark.parametrize(
    ("prefix", "language", "direction"), [("", "en", "ltr"), ("/cy", "cy", "ltr"), ("/ar", "ar", "rtl")]
)
def test_confirmation_is_mailed_in_the_language_of_the_page(sign_up, client, prefix, language, direction):
    response = sign_up(f"{prefix}/newsletter/")
    assert language_of(client.get(response["Location"])) == (language, direction)
    [message] = mail.outbox
    assert message.to == ["reader@example.org"]
    assert message.parsed["Content-Language"] == language
    assert message.parsed["Auto-Submitted"] == "auto-generated"
    assert f'lang="{language}" dir="{direction}"' in message.alternatives[0].content
    path = mailbox.link()
    assert path.startswith(f"{prefix}/newsletter/confirm/")
    assert path in message.alternatives[0].content
    assert language_of(client.get(path)) == (language, direction)


def test_confirming_takes_a_press_of_the_button(sign_up, client):
    sign_up()
    path = mailbox.link()
    for ask in (client.get, client.head, client.get):
        response = ask(path)
        assert response.status_code == 200
        assert Subscriber.objects.get().state == State.PENDING
    assert "no-store" in response["Cache-Control"]
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex")
    answer = client.post(path)
    row = Subscriber.objects.get()
    assert (row.state, row.confirmation) == (State.ACTIVE, "")
    assert row.confirmed_on
    assert answer.status_code == 302
    assert "subscription is confirmed" in client.get(answer["Location"]).content.decode()
    assert len(mail.outbox) == 1


def test_token_confirms_once(sign_up, client):
    sign_up()
    path = mailbox.link()
    client.post(path)
    confirmed_on = Subscriber.objects.get().confirmed_on
    for response in (client.post(path), client.get(path)):
        assert response.status_code == 410
        assert 'href="/newsletter/"' in response.content.decode()
    assert Subscriber.objects.get().confirmed_on == confirmed_on


def test_token_expires_after_seven_days(sign_up, client, monkeypatch):
    sign_up()
    path = mailbox.link()
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 7 * 86_400 - 60)
    assert client.get(path).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + 7 * 86_400 + 60)
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 410
        assert "seven days" in response.content.decode()
    assert Subscriber.objects.get().state == State.PENDING


def test_tokens_serve_one_purpose(sign_up, client, subscriber):
    sign_up(email="second@example.org")
    confirm = mailbox.link().split("/")[-2]
    preferences = subscribing.preferences_address(subscriber).split("/")[-2]
    leave = subscribing.leave_address(subscriber).split("/")[-2]
    tokens = {"confirm": confirm, "preferences": preferences, "leave": leave}
    for purpose in tokens:
        for other, token in (tokens | {"forged": "forged", "odd": "é:1:2", "zip": ".eJx:1:a"}).items():
            if other != purpose:
                for response in (
                    client.get(f"/newsletter/{purpose}/{token}/"),
                    client.post(f"/newsletter/{purpose}/{token}/"),
                ):
                    assert response.status_code == 404, (purpose, other)
                    assert 'href="/newsletter/"' in response.content.decode()
    assert Subscriber.objects.filter(state=State.PENDING).count() == 1
    assert Subscriber.objects.count() == 2


def test_confirmation_is_repeated_after_ten_minutes_at_the_earliest(sign_up, client):
    sign_up()
    first = mailbox.link()
    sign_up(frequency="monthly")
    assert len(mail.outbox) == 1
    grow_older(minutes=11)
    sign_up(frequency="monthly")
    assert len(mail.outbox) == 2
    assert Subscriber.objects.get().frequency == "monthly"
    client.post(first)
    assert Subscriber.objects.get().state == State.ACTIVE
    assert client.post(mailbox.link()).status_code == 410


@pytest.mark.parametrize("reason", [Reason.UNSUBSCRIBED, Reason.BOUNCED])
def test_confirming_lifts_what_an_own_wish_or_a_bounce_has_suppressed(sign_up, client, reason):
    suppression.suppress("reader@example.org", reason)
    sign_up()
    assert suppression.is_suppressed("reader@example.org") == reason
    client.post(mailbox.link())
    assert suppression.is_suppressed("reader@example.org") is None
    assert Subscriber.objects.get().state == State.ACTIVE


def test_who_has_not_confirmed_within_seven_days_is_forgotten(sign_up, client):
    sign_up(email="early@example.org")
    client.post(mailbox.link())
    sign_up(email="late@example.org")
    grow_older(days=6, hours=23)
    assert subscribing.forget_unconfirmed() == 0
    sign_up(email="again@example.org")
    grow_older(hours=2)
    assert subscribing.forget_unconfirmed() == 1
    assert {row.email for row in Subscriber.objects.all()} == {"early@example.org", "again@example.org"}
    assert not QueuedMail.objects.filter(recipients="late@example.org").exists()
