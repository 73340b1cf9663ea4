"""The latest news on pages for readers who came to where there is nothing."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from delivery import references
from news.models import listing
from news.templatetags.news import latest_news
from tests.factories import make_article, make_image
from tests.pages import soup_of

pytestmark = pytest.mark.django_db


def titles(client, address):
    response = client.get(address)
    assert response.status_code == 404
    return [heading.get_text() for heading in soup_of(response).select("main .card h3")]


@pytest.fixture
def articles(site):
    """Four articles, the first of them the oldest, and one in Welsh."""
    for number in range(4):
        make_article(site, f"Article {number}", published_on=timezone.now() - timedelta(days=9 - number))
    make_article(site, "Erthygl", "cy")


def test_page_not_found_shows_the_three_newest_articles_and_a_search(client, articles):
    assert titles(client, "/nowhere/") == ["Article 3", "Article 2", "Article 1"]
    page = soup_of(client.get("/nowhere/"))
    assert page.select_one("main form[role=search]")["action"] == "/search/"
    assert page.select_one("main a[href='/news/']").get_text() == "All news"


def test_news_is_that_of_the_language_of_the_address(client, articles):
    assert titles(client, "/cy/unman/") == ["Erthygl"]
    assert titles(client, "/ar/nowhere/") == []


def test_an_address_outside_the_page_tree_gets_the_same(client, articles):
    assert titles(client, "/documents/1/none.pdf")
    assert titles(client, "/media/none.jpg")


def test_an_untranslated_page_shows_the_news_of_its_own_language(client, articles):
    response = client.get("/cy/news/article-1/")
    assert [link.get_text() for link in soup_of(response).select("main .originals a")] == ["Article 1"]
    assert titles(client, "/cy/news/article-1/") == ["Erthygl"]


def test_news_costs_one_query_and_its_pictures_another(site):
    for number in range(3):
        make_article(site, f"Article {number}", lead_image=make_image(f"p{number}"), lead_image_alt="x")
    with references.scope():
        latest_news()
    with references.scope(), CaptureQueriesContext(connection) as queries:
        assert all(row.image for row in latest_news()["rows"])
    assert len(queries) == 2


def test_a_language_without_a_news_index_costs_nothing(client, site):
    site.news["en"].unpublish()
    latest_news()
    with CaptureQueriesContext(connection) as queries:
        assert latest_news() == {"rows": [], "url": None}
    assert len(queries) == 0


def test_page_not_found_is_told_without_news_where_the_database_fails(client, articles, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("The server has gone away")

    monkeypatch.setattr(listing, "newest", gone)
    assert titles(client, "/nowhere/") == []
