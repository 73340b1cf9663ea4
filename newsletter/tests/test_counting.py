"""Openings and clicks: nothing unless it is switched on, and then no person and no open redirect."""

import time
from urllib.parse import urlsplit

import pytest
from django.core import mail

from core import addresses
from newsletter import counting, sending
from newsletter.models import IssueCount, Subscriber
from newsletter.tests.test_sending import issue_with
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def sent(site):
    Subscriber.objects.create(
        email="a@example.org", address_key=addresses.key("a@example.org"), language="en", state="active"
    )
    issue = issue_with(make_article(site, "A new plan"))
    sending.start(issue)
    return issue, mail.outbox[-1].alternatives[0][0]


def test_nothing_is_counted_unless_it_is_switched_on(site, client):
    issue, html = sent(site)
    assert 'href="http://localhost/news/a-new-plan/"' in html
    assert "<img" not in html
    assert counting.opening(issue) is None


def test_where_it_is_on_clicks_and_openings_are_counted_for_nobody(site, client, settings):
    settings.NEWSLETTER_COUNTS = True
    issue, html = sent(site)
    address = counting.link(issue, "http://localhost/news/a-new-plan/")
    assert address in html
    assert counting.opening(issue) in html
    for _time in range(2):
        response = client.get(urlsplit(address).path)
        assert (response.status_code, response["Location"]) == (302, "http://localhost/news/a-new-plan/")
    client.head(urlsplit(address).path)
    picture = client.get(urlsplit(counting.opening(issue)).path)
    assert picture["Content-Type"] == "image/gif"
    assert "no-store" in picture["Cache-Control"]
    assert counting.counts(issue) == (1, [("http://localhost/news/a-new-plan/", 2)])
    settings.NEWSLETTER_COUNTS = False
    assert client.get(urlsplit(address).path).status_code == 302
    assert counting.counts(issue)[1][0][1] == 2


def test_an_address_is_the_same_in_every_letter(site, settings, monkeypatch):
    settings.NEWSLETTER_COUNTS = True
    issue = issue_with(make_article(site, "A new plan"))
    first = counting.link(issue, "http://localhost/news/a-new-plan/"), counting.opening(issue)
    later = time.time() + 90
    monkeypatch.setattr(time, "time", lambda: later)
    assert (counting.link(issue, "http://localhost/news/a-new-plan/"), counting.opening(issue)) == first


@pytest.mark.parametrize("token", ["x", "https:evil.example", "WzEsImh0dHBzOi8vZXZpbC5leGFtcGxlLyJd:1abc:zz"])
def test_forged_links_lead_nowhere(site, client, settings, token):
    settings.NEWSLETTER_COUNTS = True
    assert client.get(f"/newsletter/go/{token}/").status_code == 404
    assert client.get(f"/newsletter/seen/{token}/").status_code == 404
    assert not IssueCount.objects.exists()
