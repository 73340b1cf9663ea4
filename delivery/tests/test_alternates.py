"""The language switch and hreflang: complete, mutual, and only what readers can have."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from wagtail.models import PageViewRestriction

from delivery import alternates
from news.models import ArticleListing
from tests.factories import make_article
from tests.pages import canonical_of, hreflang_of, soup_of, switch_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ALL = {
    "en": "/news/response/",
    "cy": "/cy/newyddion/ymateb/",
    "ar": "/ar/أخبار/رد/",
    "x-default": "/news/response/",
}


@pytest.fixture
def articles(site):
    """One article in three languages, with addresses of their own."""
    made = {"en": make_article(site, "Response")}
    for language, title in (("cy", "Ymateb"), ("ar", "رد")):
        made[language] = make_article(
            site, title, language=language, slug=title.lower(), translation_key=made["en"].translation_key
        )
    return made


def test_every_translation_names_all_of_them(client, site, articles):
    for language in articles:
        response = client.get(ALL[language])
        assert hreflang_of(response) == ALL
        assert canonical_of(response) == ALL[language]
        others = {code: address for code, address in ALL.items() if code not in (language, "x-default")}
        assert switch_of(response) == others


@pytest.mark.parametrize("how", ["draft", "unpublished", "expired", "private", "in a draft language"])
def test_what_readers_cannot_have_is_in_no_set_and_shows_none(client, site, articles, how):
    page = articles["cy"]
    if how == "private":
        PageViewRestriction.objects.create(page=page, restriction_type="password", password="sesame")
    elif how == "in a draft language":
        site.homes["cy"].unpublish()
    else:
        page.unpublish(set_expired=how == "expired")
    expected = {code: address for code, address in ALL.items() if code != "cy"}
    for language in ("en", "ar"):
        assert hreflang_of(client.get(ALL[language])) == expected
    assert hreflang_of(client.get(ALL["cy"])) == {}
    switch = switch_of(client.get("/news/response/"))
    assert switch.get("cy") == (None if how == "in a draft language" else "/cy/#not-translated")


def test_private_section_takes_all_below_it_out(client, site, articles):
    PageViewRestriction.objects.create(page=site.news["ar"], restriction_type="login")
    assert set(hreflang_of(client.get("/news/response/"))) == {"en", "cy", "x-default"}
    assert set(hreflang_of(client.get("/news/"))) == {"en", "cy", "x-default"}
    assert set(hreflang_of(client.get("/news/topics/policy/"))) == {"en", "cy", "x-default"}


def test_a_page_in_one_language_shows_no_set(client, site):
    make_article(site, "Alone")
    response = client.get("/news/alone/")
    assert hreflang_of(response) == {}
    assert switch_of(response) == {"cy": "/cy/#not-translated", "ar": "/ar/#not-translated"}
    assert canonical_of(response) == "/news/alone/"


def test_without_the_default_language_the_first_is_for_all_others(client, site):
    welsh = make_article(site, "Ymateb", language="cy")
    make_article(site, "رد", language="ar", slug="رد", translation_key=welsh.translation_key)
    found = hreflang_of(client.get(ALL["ar"]))
    assert found == {"cy": ALL["cy"], "ar": ALL["ar"], "x-default": ALL["cy"]}
    assert alternates.hreflang({"ar": "/a/"}) == []


def test_hreflang_names_absolute_addresses(client, site, articles):
    links = soup_of(client.get("/news/response/")).head.find_all("link", hreflang=True)
    assert all(link["href"].startswith(f"{settings.PUBLIC_URL}/") for link in links)


def test_front_pages_and_contact_pages_know_each_other(client, site):
    assert hreflang_of(client.get("/")) == {"en": "/", "cy": "/cy/", "ar": "/ar/", "x-default": "/"}
    assert switch_of(client.get("/cy/cysylltu/")) == {"en": "/contact/", "ar": "/ar/اتصل/"}


@pytest.mark.parametrize(
    ("rest", "welsh", "arabic"),
    [
        ("", "", ""),
        ("topics/policy/", "pynciau/polisi/", "مواضيع/policy/"),
        ("authors/secretariat/", "awduron/secretariat/", "كتاب/secretariat/"),
        ("kinds/statement/", "mathau/statement/", "أنواع/statement/"),
    ],
)
def test_lists_lead_to_the_same_list_under_its_own_words(client, site, articles, rest, welsh, arabic):
    addresses = {"en": f"/news/{rest}", "cy": f"/cy/newyddion/{welsh}", "ar": f"/ar/أخبار/{arabic}"}
    for language, address in addresses.items():
        response = client.get(address)
        assert response.status_code == 200
        assert hreflang_of(response) == addresses | {"x-default": addresses["en"]}
        assert switch_of(response) == {code: other for code, other in addresses.items() if code != language}


def test_archives_lead_only_to_languages_that_have_something_then(client, site, django_assert_num_queries):
    make_article(site, "June", published_on=datetime(2026, 6, 30, 22, tzinfo=UTC))
    make_article(site, "Mehefin", language="cy", published_on=datetime(2026, 6, 3, tzinfo=UTC))
    make_article(site, "مايو", language="ar", slug="may", published_on=datetime(2026, 5, 3, tzinfo=UTC))
    month = {"en": "/news/2026/6/", "cy": "/cy/newyddion/2026/6/", "x-default": "/news/2026/6/"}
    response = client.get("/news/2026/06/")
    assert hreflang_of(response) == month
    assert canonical_of(response) == "/news/2026/6/"
    assert switch_of(response)["ar"] == "/ar/#not-translated"
    assert set(hreflang_of(client.get("/news/2026/"))) == {"en", "cy", "ar", "x-default"}
    assert hreflang_of(client.get("/ar/أخبار/2026/5/")) == {}


def test_later_pages_of_a_list_are_known_by_their_own_cursor_and_stand_alone(client, site):
    for number in range(45):
        make_article(site, f"Article {number}")
    older = client.get("/news/").context["older_url"]
    response = client.get(f"/news/{older}&utm_source=letter")
    assert canonical_of(response) == f"/news/{older}"
    assert hreflang_of(response) == {}
    assert switch_of(response) == {"cy": "/cy/newyddion/", "ar": "/ar/أخبار/"}
    newer = client.get(f"/news/{client.get(f'/news/{older}').context['older_url']}").context["newer_url"]
    assert canonical_of(client.get(f"/news/{newer}")) == f"/news/{newer}"
    for first in ("?before=x", "?page=2", "?after=20990101T000000-1", "?utm_source=letter"):
        response = client.get(f"/news/{first}")
        assert canonical_of(response) == "/news/"
        assert "cy" in hreflang_of(response)


def test_lists_are_shared_under_their_own_heading(client, site):
    make_article(site, published_on=datetime(2026, 6, 3, tzinfo=UTC))
    site.news["en"].social_title = "All the news"
    site.news["en"].save()

    def shared(address):
        return soup_of(client.get(address)).head.find("meta", property="og:title")["content"]

    assert shared("/news/") == "All the news"
    assert shared("/news/topics/policy/") == "Policy"
    assert shared("/news/2026/6/") == "News from June 2026"
    assert ArticleListing.objects.count() == 1


def test_search_leads_to_the_search_of_every_language_without_its_words(client, site):
    addresses = {"en": "/search/", "cy": "/cy/search/", "ar": "/ar/search/"}
    assert hreflang_of(client.get("/cy/search/")) == addresses | {"x-default": "/search/"}
    response = client.get("/search/?q=trial")
    assert switch_of(response) == {"cy": "/cy/search/", "ar": "/ar/search/"}
    assert hreflang_of(response) == {}


@pytest.mark.parametrize("address", ["/nowhere/", "/news/none/"])
def test_answers_that_are_no_page_have_no_counterpart(client, site, address):
    response = client.get(address)
    assert hreflang_of(response) == {}
    assert switch_of(response) == {"cy": "/cy/#not-translated", "ar": "/ar/#not-translated"}
    own = {"origin": "http://localhost"}
    wrong = client.post("/enquiries/", {"kind": "message", "email": "no"}, headers=own)
    assert (hreflang_of(wrong), canonical_of(wrong)) == ({}, None)
