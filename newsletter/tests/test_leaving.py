"""Leaving: one click, one POST, no questions; and never by a GET."""

import os
import subprocess
import sys

import pytest
from wagtail.models import Locale

from core.models import QueuedMail
from newsletter import subscribing, suppression
from newsletter.models import Delivery, Issue, Subscriber, Suppression
from newsletter.tests import mailbox
from tests.pages import language_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
Reason = Suppression.Reason


@pytest.fixture
def delivery(subscriber):
    issue = Issue.objects.create(locale=Locale.get_default(), subject="News")
    return Delivery.objects.create(issue=issue, subscriber=subscriber, message_id="<1@localhost>")


@pytest.fixture
def path(subscriber, delivery, settings):
    return subscribing.leave_address(subscriber, delivery.pk).removeprefix(settings.PUBLIC_URL)


@pytest.mark.parametrize("headers", [{}, {"origin": "https://mail.example"}, {"sec-fetch-site": "cross-site"}])
def test_one_click_of_a_mail_provider_ends_the_subscription(client, delivery, path, headers):
    response = client.post(path, ONE_CLICK, headers=headers)
    # RFC 8058 allows no redirect.
    assert response.status_code == 200
    assert not response.cookies
    assert not Subscriber.objects.exists()
    assert suppression.is_suppressed("READER@example.org") == Reason.UNSUBSCRIBED
    delivery.refresh_from_db()
    assert delivery.has_unsubscribed
    assert delivery.subscriber is None
    html = response.content.decode()
    assert "You are unsubscribed" in html
    assert 'href="/newsletter/"' in html


def test_second_click_is_a_quiet_success(client, path):
    client.post(path, ONE_CLICK)
    answer = client.post(path, ONE_CLICK)
    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.content.decode()
    assert Suppression.objects.count() == 1


def test_looking_at_the_link_ends_nothing(client, subscriber, path):
    for ask in (client.get, client.head, client.get):
        response = ask(path)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert client.put(path).status_code == 405
    assert Subscriber.objects.get() == subscriber
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("body", ["", "x" * 1_000_000, "\0", "{"])
def test_body_of_the_post_is_no_matter(client, path, body):
    assert client.post(path, body, content_type="multipart/form-data").status_code == 200
    assert not Subscriber.objects.exists()


def test_forged_token_ends_nothing(client, subscriber, path):
    for token in ("forged", path.split("/")[-2][:-1] + "!", "0"):
        assert client.post(f"/newsletter/leave/{token}/", ONE_CLICK).status_code == 404
    assert Subscriber.objects.exists()


def test_page_is_in_the_language_of_the_subscriber(client, subscriber, settings):
    Subscriber.objects.update(language="ar")
    subscriber.refresh_from_db()
    path = subscribing.leave_address(subscriber).removeprefix(settings.PUBLIC_URL)
    assert path.startswith("/ar/newsletter/leave/")
    for response in (client.get(path), client.post(path)):
        assert language_of(response) == ("ar", "rtl")


def test_link_in_an_old_mail_ends_a_subscription_that_was_begun_anew(client, sign_up, path):
    client.post(path)
    sign_up()
    client.post(mailbox.link())
    assert Subscriber.objects.get().state == "active"
    client.post(path)
    assert not Subscriber.objects.exists()
    assert suppression.is_suppressed("reader@example.org") == Reason.UNSUBSCRIBED


SIGNED = """
import sys
import django
django.setup()
from newsletter import counting, subscribing
signers = subscribing.confirmations, subscribing.preferences, subscribing.leavings, counting.signer
for signer, token in zip(signers, sys.argv[1:]):
    assert signer.unsign_object(token) == [1, "x"], signer.salt
print(*(signer.sign_object([1, "x"]) for signer in signers))
"""


@pytest.mark.parametrize(
    "later",
    [
        {"SECRET_KEY": "changed", "ADDRESS_KEY": "first"},
        # That they were one until now ends nothing either.
        {"SECRET_KEY": "first", "ADDRESS_KEY": "set apart"},
    ],
)
def test_links_in_mails_outlive_a_change_of_the_secret(settings, tmp_path, later):
    def tokens(*before, **keys):
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": str(tmp_path), **keys}
        command = [sys.executable, "-c", SIGNED, *before]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    tokens(*tokens(SECRET_KEY="first"), **later)


def test_leaving_leaves_no_mail_with_the_address(client, sign_up):
    sign_up()
    client.post(mailbox.link())
    assert QueuedMail.objects.filter(recipients="reader@example.org").exists()
    subscriber = Subscriber.objects.get()
    client.post(subscribing.leave_address(subscriber).removeprefix("http://localhost"))
    assert not QueuedMail.objects.exists()


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (Reason.UNSUBSCRIBED, Reason.BOUNCED, Reason.BOUNCED),
        (Reason.BOUNCED, Reason.UNSUBSCRIBED, Reason.BOUNCED),
        (Reason.BOUNCED, Reason.ERASED, Reason.ERASED),
        (Reason.ERASED, Reason.COMPLAINED, Reason.COMPLAINED),
        (Reason.COMPLAINED, Reason.ERASED, Reason.COMPLAINED),
        (Reason.UNSUBSCRIBED, Reason.COMPLAINED, Reason.COMPLAINED),
    ],
)
def test_stronger_reason_replaces_a_weaker_one(db, first, second, kept):
    suppression.suppress("a@example.org", first)
    suppression.suppress("A@EXAMPLE.org", second)
    assert suppression.is_suppressed("a@example.org") == kept
    suppression.lift("a@example.org")
    assert suppression.is_suppressed("a@example.org") is None


@pytest.mark.parametrize(
    ("reason", "mark"),
    [
        (Reason.UNSUBSCRIBED, "has_unsubscribed"),
        (Reason.BOUNCED, "has_bounced"),
        (Reason.COMPLAINED, "has_complained"),
        (Reason.ERASED, None),
    ],
)
def test_delivery_that_led_to_it_is_marked(subscriber, delivery, reason, mark):
    suppression.suppress(subscriber, reason, delivery)
    delivery.refresh_from_db()
    marks = [name for name in ("has_unsubscribed", "has_bounced", "has_complained") if getattr(delivery, name)]
    assert marks == ([mark] if mark else [])
    assert not Subscriber.objects.exists()


def test_suppression_does_not_tell_the_address(subscriber):
    suppression.suppress(subscriber, Reason.UNSUBSCRIBED)
    row = Suppression.objects.values().get()
    assert "reader" not in str(row)
    assert len(row["address_key"]) == 64
