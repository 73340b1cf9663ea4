"""Addresses: one query each, and nothing unusual is a fault."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from delivery import indexes, routing
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/news/an-article/", 200),
        ("/news/an-article", 301),
        ("/news/an-article/more/", 404),
        ("/news/none/", 404),
        ("/none/", 404),
        ("/news//an-article/", 404),
        ("/home/", 404),
        ("/cy/an-article/", 404),
        ("/cy/news/an-article/", 404),
        ("/de/", 404),
        ("/news/%00/", 404),
        ("/news/an-article/" + "x/" * 200, 404),
        ("/" + "y" * 3000 + "/", 404),
        ("/news/%F0%9F%98%80/", 404),
    ],
)
def test_address_is_answered(client, site, address, status):
    make_article(site)
    assert client.get(address).status_code == status


def test_draft_and_unpublished_pages_are_not_found(client, site):
    make_article(site, "Draft", live=False)
    gone = make_article(site, "Gone")
    gone.unpublish()
    assert client.get("/news/draft/").status_code == 404
    assert client.get("/news/gone/").status_code == 404


def test_language_without_a_live_front_page_is_not_served(client, site):
    site.homes["cy"].unpublish()
    assert client.get("/cy/").status_code == 404
    assert client.get("/cy/newyddion/").status_code == 404
    assert b'hreflang="cy"' not in client.get("/").content


def test_route_is_one_query_and_one_for_the_type(rf, site):
    make_article(site)
    request = rf.get("/news/an-article/")
    routing.resolve(request, "news/an-article/")
    with CaptureQueriesContext(connection) as queries:
        routing.resolve(request, "news/an-article/")
    assert len(queries) == 2


def test_restricted_page_asks_for_its_password_and_stays_out_of_lists(client, site):
    article = make_article(site, "Secret plan")
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="password", password="sesame")
    response = client.get("/news/secret-plan/")
    assert b"What it says in short" not in response.content
    assert "no-store" in response["Cache-Control"]
    for address in ("/", "/news/", "/search/?q=secret"):
        assert b"Secret plan" not in client.get(address).content
    address = f"/_util/authenticate_with_password/{restriction.pk}/{article.pk}/"
    opened = client.post(address, {"password": "sesame", "return_url": "/news/secret-plan/"}, follow=True)
    assert b"Secret plan" in opened.content
    assert "no-store" in opened["Cache-Control"]
    restriction.delete()
    assert b"Secret plan" in client.get("/news/").content


def test_page_for_colleagues_leads_to_the_login(client, site):
    article = make_article(site, "Inside")
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    response = client.get("/news/inside/")
    assert response.status_code == 302
    assert client.get(response["Location"])["Location"].startswith("/admin/login/?next=/news/inside/")


def test_alias_of_a_restricted_article_is_in_no_list(client, site):
    article = make_article(site, "Source")
    alias = article.create_alias(update_slug="alias-of-source")
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    assert alias.live
    assert b"Source" not in client.get("/news/").content
    assert b"Source" not in client.get("/search/?q=source").content.replace(b"q=source", b"")
    assert client.get("/news/alias-of-source/").status_code == 302


def test_articles_stay_reachable_without_their_index(client, site):
    make_article(site, "Still here")
    site.news["en"].unpublish()
    assert client.get("/news/still-here/").status_code == 200
    assert b'href="/news/still-here/"' in client.get("/search/?q=still").content
    assert client.get("/").status_code == 200
    assert b'href="/topics/' not in client.get("/").content


def test_indexes_on_wagtails_tables_are_there(db):
    assert indexes.missing() == []


def test_nothing_varies_by_what_the_browser_would_like(client, site):
    response = client.get("/", headers={"accept-language": "cy"})
    assert "Accept-Language" not in response.get("Vary", "")
    assert b'lang="en"' in response.content
