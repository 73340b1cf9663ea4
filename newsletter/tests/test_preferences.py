"""Preferences: reached by a signed link alone, shown as they are, changed by a button."""

import pytest
from wagtail.models import Locale

from news.models import Topic
from newsletter import subscribing
from newsletter.models import Subscriber
from newsletter.rendering import Edition
from newsletter.tests.editing import make_issue
from tests.factories import make_article
from tests.pages import language_of, soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def path(subscriber, settings):
    return subscribing.preferences_address(subscriber).removeprefix(settings.PUBLIC_URL)


def checked(response, name):
    return [one["value"] for one in soup_of(response).select(f"main [name={name}][checked]")]


def test_preferences_are_shown_filled_in_and_kept_from_everybody_else(client, site, subscriber, path):
    topic = str(site.topic.translation_key)
    Topic.objects.create(name="Other", slug="other", locale=site.home.locale)
    Subscriber.objects.update(frequency="monthly", topics=[topic])
    response = client.get(path)
    assert (checked(response, "frequency"), checked(response, "topics"), checked(response, "language")) == (
        ["monthly"],
        [topic],
        ["en"],
    )
    assert "no-store" in response["Cache-Control"]
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert 'content="noindex"' in response.content.decode()
    assert not response.cookies
    assert "reader@example.org" not in response.content.decode()


def test_preferences_are_saved_without_an_origin(client, site, subscriber, path):
    topic = str(site.topic.translation_key)
    response = client.post(path, {"language": "en", "frequency": "each", "topics": [topic]})
    row = Subscriber.objects.get()
    assert (row.frequency, row.topics, row.language, row.state) == ("each", [topic], "en", "active")
    page = client.get(response["Location"])
    assert "Your choices are saved" in page.content.decode()
    assert checked(page, "topics") == [topic]


def test_another_language_leads_to_the_page_in_it(client, site, subscriber, path):
    topic = str(site.topic.translation_key)
    response = client.post(path, {"language": "cy", "frequency": "weekly", "topics": [topic]})
    assert response["Location"].startswith("/cy/newsletter/preferences/")
    page = client.get(response["Location"])
    assert language_of(page) == ("cy", "ltr")
    assert checked(page, "topics") == [topic]
    assert "Polisi" in page.content.decode()


def test_chosen_topic_without_a_word_in_the_language_is_shown_in_another_kept_and_can_be_taken_back(
    client, site, subscriber, path
):
    both = str(site.topic.translation_key)
    english = str(Topic.objects.create(name="Funding", slug="funding", locale=site.home.locale).translation_key)
    Topic.objects.create(name="Other", slug="other", locale=site.home.locale)
    Subscriber.objects.update(topics=[both, english])
    shown = client.get(f"/cy{path}")
    assert set(checked(shown, "topics")) == {both, english}
    labels = [label.get_text(strip=True) for label in soup_of(shown).select("main [name=topics] + label")]
    assert sorted(labels) == ["Funding", "Polisi"]
    assert soup_of(shown).select_one("main bdi[lang=en]", string="Funding")
    for language, address in (("en", f"/cy{path}"), ("ar", path)):
        chosen = {"language": language, "frequency": "monthly", "topics": checked(client.get(address), "topics")}
        assert client.post(address, chosen).status_code == 302
        assert set(Subscriber.objects.get().topics) == {both, english}
    client.post(f"/cy{path}", {"language": "cy", "frequency": "monthly", "topics": [both]})
    assert Subscriber.objects.get().topics == [both]


def test_choice_of_the_only_topic_is_kept_whatever_the_language(client, site, subscriber, path):
    english = str(Topic.objects.create(name="Funding", slug="funding", locale=site.home.locale).translation_key)
    Subscriber.objects.update(topics=[english])
    client.post(f"/ar{path}", {"language": "ar", "frequency": "weekly", "topics": [english]})
    row = Subscriber.objects.get()
    assert (row.language, row.topics) == ("ar", [english])


def test_withdrawn_topic_stays_beside_others_and_not_where_none_is_chosen(client, site, subscriber, path):
    topic = str(site.topic.translation_key)
    withdrawn = Topic.objects.create(name="Funding", slug="funding", live=False, locale=site.home.locale)
    Subscriber.objects.update(topics=[topic, str(withdrawn.translation_key)])
    assert checked(client.get(path), "topics") == [topic]
    client.post(path, {"language": "en", "frequency": "weekly", "topics": [topic]})
    assert Subscriber.objects.get().topics == [topic, str(withdrawn.translation_key)]
    client.post(path, {"language": "en", "frequency": "weekly"})
    assert Subscriber.objects.get().topics == []


def test_who_gets_nothing_because_no_chosen_topic_is_left_is_told(client, site, subscriber, path):
    topic = str(site.topic.translation_key)
    quantum = Topic.objects.create(name="Quantum", slug="quantum", locale=site.home.locale)
    chosen = str(quantum.translation_key)

    def is_told(topics):
        Subscriber.objects.update(topics=topics)
        return "so you get no articles" in client.get(path).content.decode()

    assert [is_told(topics) for topics in ([], [chosen], [topic])] == [False, False, False]
    quantum.delete()
    assert [is_told(topics) for topics in ([], [topic, chosen], [chosen])] == [False, False, True]
    edition = Edition(make_issue(make_article(site)))
    assert not edition.is_for(Subscriber.objects.get().topics)


@pytest.mark.parametrize(
    "fields",
    [{"language": "xx"}, {"language": ""}, {"frequency": "hourly"}, {"topics": ["nothing"]}, {"topics": ["\0"]}],
)
def test_unknown_choice_is_told_in_words_and_changes_nothing(client, subscriber, path, fields):
    response = client.post(path, {"language": "en", "frequency": "monthly"} | fields)
    assert response.status_code == 422
    [name] = fields
    assert soup_of(response).find(id=f"id_{name}_error").get_text(strip=True)
    assert Subscriber.objects.get().frequency == "weekly"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 302),
        ({"origin": "null"}, 302),
        ({"origin": "http://testserver"}, 302),
        ({}, 302),
    ],
)
def test_another_site_cannot_change_preferences(client, subscriber, path, headers, status):
    assert client.post(path, {"language": "en", "frequency": "monthly"}, headers=headers).status_code == status
    assert Subscriber.objects.get().frequency == ("monthly" if status == 302 else "weekly")


def test_link_ends_with_its_subscription(client, subscriber, path):
    client.post(subscribing.leave_address(subscriber).removeprefix("http://localhost"))
    for response in (client.get(path), client.post(path, {"frequency": "each"})):
        assert response.status_code == 410
        assert 'href="/newsletter/"' in response.content.decode()
        assert response["Referrer-Policy"] == "no-referrer"


def test_link_of_an_earlier_secret_is_over(client, subscriber, path):
    Subscriber.objects.update(secret="another")
    assert client.get(path).status_code == 410


def test_unreadable_and_huge_bodies_are_no_faults(client, subscriber, path):
    assert client.post(path, "x", content_type="multipart/form-data").status_code == 400
    huge = {"frequency": "x" * 3_000_000, "language": "en"}
    assert 400 <= client.post(path, huge).status_code < 500
    assert Subscriber.objects.get().frequency == "weekly"


def test_who_reads_a_language_that_is_not_live_gets_links_in_the_default_one(client, site, subscriber):
    Subscriber.objects.update(language="cy")
    subscriber.refresh_from_db()
    assert subscribing.preferences_address(subscriber).startswith("http://localhost/cy/newsletter/preferences/")
    site.homes["cy"].unpublish()
    assert subscribing.preferences_address(subscriber).startswith("http://localhost/newsletter/preferences/")


def test_language_is_not_asked_where_there_is_one(client, site, subscriber, path):
    for code in ("cy", "ar"):
        site.homes[code].unpublish()
    assert Locale.objects.count() == 3
    assert not soup_of(client.get(path)).select("[name=language]")
    assert client.post(path, {"frequency": "each"}).status_code == 302
    assert Subscriber.objects.get().language == "en"
