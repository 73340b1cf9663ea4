"""An article of one language shown in another one's tree: wholly in the language of its words, and said so."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from delivery import generation
from news.models import ArticleListing
from tests.factories import body_of, every_block, make_article, make_image
from tests.pages import canonical_of, hreflang_of, language_of, soup_of, switch_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ALIAS = "/cy/newyddion/response/"


@pytest.fixture
def alias(site):
    """An English article that the Welsh tree shows, beside one written in Welsh."""
    make_article(site, "Yn Gymraeg", language="cy", published_on=datetime(2026, 3, 1, tzinfo=UTC))
    source = make_article(site, "Response", lead_image=make_image(), lead_image_alt="Hills")
    return source.copy_for_translation(site.homes["cy"].locale, alias=True).specific


def test_alias_is_served_in_the_language_of_its_words(client, site, alias):
    response = client.get(ALIAS)
    assert response.status_code == 200
    assert language_of(response) == ("en", "ltr")
    assert response["Content-Language"] == "en"
    html = soup_of(response)
    assert "Portal" in html.select_one(".site-footer-name").text
    assert "Portal cy" not in html.text
    assert html.select_one(".meta a[rel=author]")["href"] == "/news/authors/secretariat/"
    assert [link["href"] for link in html.select(".breadcrumbs a")] == ["/", "/news/"]
    assert html.select_one("form.search-form, nav.main-nav a[href='/search/']")
    # The next request is not touched by it.
    assert language_of(client.get("/cy/")) == ("cy", "ltr")


def test_alias_is_known_by_the_address_of_its_source_and_stands_in_no_set(client, site, alias):
    response = client.get(ALIAS)
    assert canonical_of(response) == "/news/response/"
    assert hreflang_of(response) == {}
    assert hreflang_of(client.get("/news/response/")) == {}
    assert switch_of(response) == {"cy": "/cy/#not-translated", "ar": "/ar/#not-translated"}
    assert b"/cy/newyddion/response/" not in client.get("/sitemap-cy-1.xml").content
    assert b"/news/response/" in client.get("/sitemap-en-1.xml").content


def test_alias_says_in_the_language_of_its_address_that_it_is_not_translated(client, site, alias):
    note = soup_of(client.get(ALIAS)).select_one("main > :first-child .shown-instead")
    assert (note["lang"], note["dir"]) == ("cy", "ltr")
    assert note.a["href"] == "/cy/"
    assert soup_of(client.get("/news/response/")).select_one(".shown-instead") is None


@pytest.mark.parametrize("address", ["/cy/newyddion/", "/cy/", "/cy/newyddion/pynciau/polisi/"])
def test_lists_mark_the_words_of_an_alias_and_its_link(client, site, alias, address):
    html = soup_of(client.get(address))
    link = html.select_one(f'main a[href="{ALIAS}"]')
    assert link["hreflang"] == "en"
    words = link.find_parent(lang=True)
    assert (words["lang"], words["dir"]) == ("en", "ltr")
    own = html.select_one('main a[href="/cy/newyddion/yn-gymraeg/"]')
    assert own.find_parent(lang=True).name == "html"
    assert not own.has_attr("hreflang")


def test_feeds_and_search_of_a_language_leave_aliases_out(client, site, alias):
    for address in ("/cy/newyddion/feed/", "/cy/newyddion/atom/", "/cy/newyddion/pynciau/polisi/feed/"):
        content = client.get(address).content.decode()
        assert "Yn Gymraeg" in content
        assert "Response" not in content
    assert not client.get("/cy/search/?q=response").context["rows"]
    assert [row["plain_title"] for row in client.get("/search/?q=response").context["rows"]] == ["Response"]


def test_rows_know_the_language_of_their_words_and_the_command_keeps_them_right(site, alias):
    rows = {row.pk: (row.language, row.is_alias) for row in ArticleListing.objects.all()}
    assert rows[alias.pk] == ("en", True)
    assert rows[alias.alias_of_id] == ("en", False)
    call_command("listing", "verify")
    ArticleListing.objects.filter(pk=alias.pk).update(language="cy")
    with pytest.raises(CommandError, match="1 articles are listed wrongly"):
        call_command("listing", "verify")
    call_command("listing", "rebuild")
    assert ArticleListing.objects.get(pk=alias.pk).language == "en"


def test_alias_that_becomes_a_translation_speaks_its_own_language(client, site, alias):
    alias.alias_of = None
    alias.title = "Ymateb"
    alias.save()
    assert language_of(client.get(ALIAS)) == ("cy", "ltr")
    row = ArticleListing.objects.get(pk=alias.pk)
    assert (row.language, row.is_alias) == ("cy", False)
    assert set(hreflang_of(client.get(ALIAS))) == {"en", "cy", "x-default"}


def test_alias_of_the_index_and_the_front_page_show_the_source_whole(client, site):
    english = make_article(site, "Response")
    site.news["cy"].delete()
    site.homes["cy"].refresh_from_db()
    english.copy_for_translation(site.homes["cy"].locale, copy_parents=True, alias=True)
    generation.bump()
    response = client.get("/cy/news/")
    assert language_of(response) == ("en", "ltr")
    assert canonical_of(response) == "/news/"
    assert [row.url for row in response.context["rows"]] == ["/news/response/"]
    links = soup_of(response).select("main a")
    foreign = [link["href"] for link in links if link["href"].startswith("/cy/")]
    assert foreign == ["/cy/"]
    assert client.get("/cy/news/topics/policy/").status_code == 200
    assert client.get("/cy/news/response/").status_code == 200


def test_welsh_articles_below_an_alias_of_the_index_stay_whole(client, site):
    from news.models import NewsIndexPage

    english = make_article(site, "Response")
    site.news["cy"].delete()
    site.homes["cy"].refresh_from_db()
    english.copy_for_translation(site.homes["cy"].locale, copy_parents=True)
    site.news["cy"] = NewsIndexPage.objects.get(locale=site.homes["cy"].locale)
    assert site.news["cy"].alias_of_id
    make_article(site, "Yn Gymraeg", language="cy")
    response = client.get("/cy/news/yn-gymraeg/")
    assert language_of(response) == ("cy", "ltr")
    assert 'href=""' not in response.content.decode()
    assert b"Yn Gymraeg" in client.get("/cy/").content


def test_alias_of_a_private_article_asks_for_its_password(client, site, alias):
    PageViewRestriction.objects.create(page=alias.alias_of, restriction_type="password", password="sesame")
    response = client.get(ALIAS)
    assert "What it says in short" not in soup_of(response).main.text
    assert language_of(response) == ("en", "ltr")
    assert ALIAS not in client.get("/cy/newyddion/").content.decode()


def test_alias_stays_within_the_budget_of_an_article(client, site):
    source = make_article(
        site, "Rich", body=body_of(every_block(site, 3)), lead_image=make_image("lead"), lead_image_alt="x"
    )
    source.copy_for_translation(site.homes["cy"].locale, alias=True)
    client.get("/cy/newyddion/rich/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/cy/newyddion/rich/")
    assert len(queries) <= 8
