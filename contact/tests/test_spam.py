"""What looks like spam is held and thanked like anything else; nobody is refused for one sign."""

import time

import pytest
from django.test import override_settings
from django.utils import timezone

from contact import judging, mailing
from contact.models import Enquiry, ThreadEntry
from core import spam
from core.models import QueuedMail

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("same_day")]
ADDRESS = "/enquiries/"
SAME = {"origin": "http://testserver"}
LONG = "We offer the best prices for pumps and valves."


def send(client, message="Where is the plan?", email="reader@example.org", headers=SAME, **fields):
    return client.post(ADDRESS, {"message": message, "email": email} | fields, headers=headers)


def opened(seconds_ago):
    signer = type(spam.signer)(salt=spam.signer.salt)
    signer.timestamp = lambda: spam.signing.b62_encode(int(time.time() - seconds_ago))
    return signer.sign("opened")


@pytest.mark.parametrize(
    ("fields", "signs", "state"),
    [
        ({"opened": 60}, [], "new"),
        ({}, ["untimed"], "new"),
        ({"opened": "forged"}, ["untimed"], "new"),
        ({"opened": 200_000}, ["untimed"], "new"),
        ({"opened": 0}, ["hasty"], "new"),
        ({"opened": 60, "website": "x"}, ["decoy"], "spam"),
        ({"opened": 60, "message": "http://a.example " * 3}, ["links"], "new"),
        ({"opened": 60, "message": '[url=x]y[/url] <a href="x">'}, ["markup"], "new"),
        ({"message": "[url=http://a.example]y[/url]"}, ["untimed", "markup"], "spam"),
        ({"opened": 60, "email": "a@pаypal.example"}, ["lookalike"], "new"),
    ],
)
def test_signs_are_kept_and_enough_of_them_hold(client, site, fields, signs, state):
    if isinstance(fields.get("opened"), int):
        fields = fields | {"opened": opened(fields["opened"])}
    response = send(client, **fields)
    enquiry = Enquiry.objects.get()
    assert (enquiry.signs, enquiry.state) == (signs, state)
    assert response.status_code == 302
    assert enquiry.reference in client.get(response["Location"]).content.decode()


def test_held_spam_mails_nobody_until_it_is_rescued_once(client, site, admin_user):
    site.contact["en"].email = "team@portal.example"
    site.contact["en"].save()
    send(client, website="x")
    assert not QueuedMail.objects.exists()
    enquiry = Enquiry.objects.get()
    assert mailing.rescue(enquiry, admin_user)
    assert not mailing.rescue(enquiry, admin_user)
    assert sorted(QueuedMail.objects.values_list("recipients", flat=True)) == [
        "reader@example.org",
        "team@portal.example",
    ]
    assert Enquiry.objects.get().state == "new"
    kinds = [entry.kind for entry in enquiry.thread.all()]
    assert kinds == ["change", "acknowledgement", "notification"]


def test_same_words_from_another_address_are_held_and_short_ones_are_not(client, site):
    for message in (LONG, "Please call me"):
        send(client, message)
        send(client, message.upper(), "other@example.org")
    found = Enquiry.objects.order_by("pk").values_list("state", flat=True)
    assert list(found) == ["new", "spam", "new", "new"]
    assert "repeated" in Enquiry.objects.order_by("pk")[1].signs


def test_repetition_alone_holds_nothing_as_of_a_corrected_address_or_a_letter_that_many_send(client, site):
    for email in ("reader@exmaple.org", "reader@example.org", "supporter@example.org"):
        send(client, LONG, email, opened=opened(60))
    assert list(Enquiry.objects.order_by("pk").values_list("state", "signs")) == [
        ("new", []),
        ("new", ["repeated"]),
        ("new", ["repeated"]),
    ]
    send(client, LONG, "robot@example.org", opened=opened(0))
    assert Enquiry.objects.get(email="robot@example.org").state == "spam"


def test_doubled_submit_stores_nothing_and_gives_the_first_reference(client, site):
    first = send(client, email="Reader@example.org")
    second = send(client, "Where  is the plan?\r\n", "reader@EXAMPLE.org")
    enquiry = Enquiry.objects.get()
    for response in (first, second):
        assert enquiry.reference in client.get(response["Location"]).content.decode()
    assert QueuedMail.objects.count() == 1
    Enquiry.objects.update(received_on=timezone.now() - judging.DOUBLED_WITHIN)
    send(client)
    assert Enquiry.objects.count() == 2


def fill(client_key, number):
    Enquiry.objects.bulk_create(
        Enquiry(email=f"r{one}@example.org", language="en", client=client_key, message=str(one), words_key=str(one))
        for one in range(number)
    )


@pytest.mark.parametrize(("before", "state"), [(9, "new"), (10, "spam")])
def test_more_than_ten_from_one_network_in_an_hour_are_held(client, site, rf, before, state):
    fill(judging.client_of(rf.get("/")), before)
    send(client)
    assert Enquiry.objects.order_by("pk").last().state == state


def test_more_than_sixty_from_one_network_in_an_hour_are_asked_to_wait_with_all_that_was_typed(client, site, rf):
    fill(judging.client_of(rf.get("/")), 60)
    response = send(client, name="A Reader")
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    html = response.content.decode()
    assert "Please send yours in an hour." in html
    assert "Where is the plan?" in html
    assert "reader@example.org" in html
    assert "no-store" in response["Cache-Control"]
    assert Enquiry.objects.count() == 60


@pytest.mark.parametrize(
    ("proxies", "forwarded", "clients"),
    [
        (0, ("1.1.1.1", "2.2.2.2"), 1),
        (1, ("9.9.9.9, 1.1.1.1", "8.8.8.8, 1.1.1.1"), 1),
        (1, ("9.9.9.9, 1.1.1.1", "9.9.9.9, 2.2.2.2"), 2),
        (1, ("\x00forged", "<script>"), 1),
    ],
)
def test_forged_forwarding_makes_no_other_client(client, site, proxies, forwarded, clients):
    with override_settings(TRUSTED_PROXY_COUNT=proxies):
        for number, header in enumerate(forwarded):
            assert send(client, f"Hello {number}", headers=SAME | {"x-forwarded-for": header}).status_code == 302
    keys = set(Enquiry.objects.values_list("client", flat=True))
    assert len(keys) == clients
    assert not [key for key in keys if "." in key]


def test_client_and_words_are_stored_as_hashes_alone(client, site):
    send(client)
    enquiry = Enquiry.objects.get()
    assert {len(enquiry.client), len(enquiry.words_key), len(enquiry.address_key)} == {64}


def test_one_address_gets_three_acknowledgements_a_day(client, site):
    for number in range(5):
        assert send(client, f"Question {number}").status_code == 302
    assert Enquiry.objects.filter(state="new").count() == 5
    assert ThreadEntry.objects.filter(kind="acknowledgement").count() == 3
