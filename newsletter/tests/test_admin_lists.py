"""Subscribers and digests in the admin."""

import pytest
from django.urls import reverse
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import rich_text

from core import addresses
from newsletter.models import Digest, Subscriber, Suppression
from newsletter.tests.editing import WELSH, is_refused, sign_in
from portal import roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def editor(client, site):
    return sign_in(client, roles.EDITORS)


def test_subscribers_are_found_counted_and_narrowed_down(client, editor, subscriber):
    email = "arall@example.org"
    Subscriber.objects.create(email=email, address_key=addresses.key(email), language="cy", source="/cy/newyddion/")
    everybody = client.get("/admin/newsletter/subscribers/").content.decode()
    assert "reader@example.org" in everybody
    assert "<dt>Confirmed</dt><dd>1</dd>" in everybody
    assert "/cy/newyddion/" in everybody
    for narrowed in ("q=arall", "language=cy", "state=pending"):
        found = client.get(f"/admin/newsletter/subscribers/results/?{narrowed}").content.decode()
        assert email in found, narrowed
        assert "reader@example.org" not in found, narrowed


def test_a_removed_subscriber_is_not_mailed_again_until_that_is_lifted(client, editor, subscriber):
    remove = reverse("newsletter_subscriber:remove", args=[subscriber.pk])
    assert client.get(remove).status_code == 200
    assert Subscriber.objects.exists()
    client.post(remove)
    assert not Subscriber.objects.exists()
    assert Suppression.objects.get().reason == "unsubscribed"
    client.post("/admin/newsletter/subscribers/lift/", {"email": "Reader@example.org"})
    assert not Suppression.objects.exists()
    assert not [label for label in ModelLogEntry.objects.values_list("label", flat=True) if "@" in label]


def test_who_may_only_see_subscribers_removes_none(client, subscriber):
    sign_in(client, WELSH, "view_subscriber")
    assert client.get("/admin/newsletter/subscribers/").status_code == 200
    assert is_refused(client.post(reverse("newsletter_subscriber:remove", args=[subscriber.pk])))
    assert is_refused(client.post("/admin/newsletter/subscribers/lift/", {"email": "a@example.org"}))
    assert Subscriber.objects.exists()


def test_a_digest_begins_when_it_is_switched_on(client, editor, site):
    digests = "/admin/newsletter/digests/"
    fields = {"locale": site.home.locale_id, "frequency": "weekly", "subject": "This week", "is_reviewed": "on"}
    fields |= {"weekday": 4, "day": 1, "hour": 8, "delay_minutes": 15, "greeting": rich_text("", features=["bold"])}
    client.post(f"{digests}new/", fields)
    digest = Digest.objects.get()
    assert (digest.weekday, digest.since) == (4, None)
    edit = f"{digests}{digest.pk}/edit/"
    assert "Friday" in client.get(edit).content.decode()
    client.post(edit, fields | {"is_on": "on"})
    digest.refresh_from_db()
    began = digest.since
    assert began
    client.post(edit, fields | {"is_on": "on", "subject": "The week"})
    digest.refresh_from_db()
    assert (digest.subject, digest.since) == ("The week", began)
    assert "The week" in client.get(digests).content.decode()


def test_a_digest_of_another_language_is_out_of_reach(client, site):
    digest = Digest.objects.create(locale=site.home.locale, frequency="weekly", subject="This week")
    sign_in(client, WELSH, "add_digest", "change_digest", "delete_digest")
    assert "This week" not in client.get("/admin/newsletter/digests/").content.decode()
    for name in ("edit", "delete"):
        url = f"/admin/newsletter/digests/{digest.pk}/{name}/"
        assert is_refused(client.get(url))
        assert is_refused(client.post(url, {"subject": "Changed"}))
    assert Digest.objects.get().subject == "This week"
