"""Addresses of what is not translated: lead to what was meant, or say so; recorded redirects come first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from delivery import translations
from home.models import StandardPage
from tests.factories import make_article
from tests.pages import hreflang_of, language_of, soup_of, switch_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def policies(monkeypatch):
    """What languages do with untranslated pages, to be filled in by a test."""
    decided = {}
    monkeypatch.setitem(translations._sources, "policies", lambda: decided)
    return decided


def offered(response):
    """Return [(address, language, title)] of what a page offers instead."""
    return [(link["href"], link["hreflang"], link.text) for link in soup_of(response).select(".originals a")]


@pytest.mark.parametrize("address", ["/cy/news/response/", "/cy/newyddion/response/"])
def test_address_of_an_untranslated_page_says_so_and_offers_the_original(client, site, address):
    make_article(site, "Response")
    response = client.get(address)
    assert response.status_code == 404
    assert language_of(response) == ("cy", "ltr")
    assert offered(response) == [("/news/response/", "en", "Response")]
    html = soup_of(response)
    assert html.select_one(".originals a")["lang"] == "en"
    assert html.select_one('meta[name="robots"]')["content"] == "noindex"
    assert html.select_one('main form[role="search"]')["action"] == "/cy/search/"
    assert html.select_one('main a[href="/cy/"]')
    assert hreflang_of(response) == {}
    assert switch_of(response) == {"en": "/news/response/", "ar": "/ar/#not-translated"}


def test_a_draft_translation_says_so_and_offers_every_language_there_is(client, site):
    english = make_article(site, "Response")
    make_article(site, "Rd", language="ar", translation_key=english.translation_key)
    draft = make_article(site, "Ymateb", language="cy", translation_key=english.translation_key, live=False)
    response = client.get("/cy/newyddion/ymateb/")
    assert response.status_code == 404
    assert [item[1] for item in offered(response)] == ["en", "ar"]
    assert b"Ymateb" not in response.content
    assert soup_of(response).select('.originals a[hreflang="ar"]')[0]["dir"] == "rtl"
    draft.save_revision().publish()
    assert client.get("/cy/newyddion/ymateb/").status_code == 200


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/cy/news/response/", "/cy/newyddion/ymateb/"),
        ("/cy/newyddion/response/", "/cy/newyddion/ymateb/"),
        ("/newyddion/ymateb/", "/news/response/"),
        ("/news/ymateb/", "/news/response/"),
        ("/cy/news/", "/cy/newyddion/"),
        ("/cy/contact/", "/cy/cysylltu/"),
        ("/ar/newyddion/", "/ar/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/"),
    ],
)
def test_address_in_another_languages_words_leads_to_the_translation(client, site, address, target):
    english = make_article(site, "Response")
    make_article(site, "Ymateb", language="cy", translation_key=english.translation_key)
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, target)


def test_deep_pages_are_found_below_translated_ones(client, site):
    about = site.homes["en"].add_child(instance=StandardPage(title="About", slug="about", summary="s"))
    amdanom = StandardPage(title="Amdanom", slug="amdanom", summary="s", locale=site.homes["cy"].locale)
    amdanom.translation_key = about.translation_key
    site.homes["cy"].add_child(instance=amdanom)
    people = about.add_child(instance=StandardPage(title="People", slug="people", summary="s"))
    people.add_child(instance=StandardPage(title="Board", slug="board", summary="s"))
    for address in ("/cy/amdanom/people/board/", "/cy/about/people/board/"):
        assert offered(client.get(address)) == [("/about/people/board/", "en", "Board")]


def test_the_index_that_is_still_a_draft_leads_to_what_is_below_it(client, site):
    make_article(site, "Response")
    site.news["cy"].unpublish()
    assert offered(client.get("/cy/newyddion/response/")) == [("/news/response/", "en", "Response")]
    assert offered(client.get("/cy/newyddion/")) == [("/news/", "en", "News"), ("/ar/أخبار/", "ar", "أخبار")]


@pytest.mark.parametrize("how", ["draft", "private", "section"])
def test_what_readers_of_the_original_cannot_have_is_plainly_not_found(client, site, how):
    article = make_article(site, "Secret", live=how != "draft")
    if how != "draft":
        page = article if how == "private" else site.news["en"]
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    make_article(site, "Cyfrinach", language="cy", translation_key=article.translation_key, live=False)
    for address in ("/cy/news/secret/", "/cy/newyddion/secret/", "/cy/newyddion/cyfrinach/"):
        response = client.get(address)
        assert response.status_code == 404
        assert b"Secret" not in response.content
        assert not offered(response)


@pytest.mark.parametrize(
    "address",
    [
        "/nothing/",
        "/cy/nothing/",
        "/cy/newyddion/nothing/",
        "/cy/newyddion/2001/",
        "/cy/news/response/more/",
        "/cy/news/topics/none/",
        "/cy/news//response/",
        f"/cy/{'x/' * 50}",
    ],
)
def test_where_nothing_was_meant_there_is_the_plain_page(client, site, address):
    make_article(site, "Response")
    response = client.get(address)
    assert response.status_code == 404
    assert not offered(response)
    assert "not_translated.html" not in [template.name for template in response.templates]


def test_a_language_can_hide_what_it_has_not_translated(client, site, policies):
    english = make_article(site, "Response")
    policies[site.homes["cy"].locale_id] = "hide"
    assert not offered(client.get("/cy/news/response/"))
    assert offered(client.get("/ar/news/response/"))
    make_article(site, "Ymateb", language="cy", translation_key=english.translation_key)
    assert client.get("/cy/news/response/")["Location"] == "/cy/newyddion/ymateb/"


@pytest.mark.parametrize("is_translated", [False, True])
def test_a_recorded_redirect_comes_before_what_we_guess(client, site, is_translated):
    english = make_article(site, "Response")
    if is_translated:
        make_article(site, "Ymateb", language="cy", translation_key=english.translation_key)
    Redirect.add_redirect("/cy/news/response", redirect_to=site.contact["cy"].page_ptr)
    response = client.get("/cy/news/response/")
    assert response.status_code == 301
    assert response["Location"].endswith("/cy/cysylltu/")


def test_nothing_is_guessed_for_what_is_sent(client, site):
    english = make_article(site, "Response")
    make_article(site, "Ymateb", language="cy", translation_key=english.translation_key)
    assert client.post("/cy/news/response/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_depth(client, site):
    make_article(site, "Response")
    counts = []
    for address in ("/cy/newyddion/response/", "/cy/newyddion/response/" + "x/" * 9):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert max(counts) <= 8
