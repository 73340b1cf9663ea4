"""Addresses are for ever: what was renamed or moved is found in one hop, in every language."""

import unicodedata
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpResponseNotFound
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.middleware import RedirectMiddleware as StockMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction, Site

from home.models import StandardPage
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def rename(page, slug, capture):
    with capture(execute=True):
        page.slug = slug
        page.save_revision().publish()
    page.refresh_from_db()


def assert_one_hop(client, old, new):
    response = client.get(old)
    assert response.status_code == 301, old
    assert response["Location"].removeprefix("http://localhost") == iri_to_uri(new)
    assert client.get(new).status_code == 200


@pytest.mark.parametrize(
    ("language", "index", "slugs"),
    [
        ("en", "/news/", ["first", "second", "third"]),
        ("cy", "/cy/newyddion/", ["cyntaf", "ail", "trydydd"]),
        ("ar", "/ar/أخبار/", ["أول", "ثان", "ثالث"]),
    ],
)
def test_slug_renamed_twice_leads_to_the_present_one_in_one_hop(
    client, site, django_capture_on_commit_callbacks, language, index, slugs
):
    english = make_article(site, "Source") if language != "en" else None
    key = {"translation_key": english.translation_key} if english else {}
    article = make_article(site, "Article", language=language, slug=slugs[0], **key)
    for slug in slugs[1:]:
        rename(article, slug, django_capture_on_commit_callbacks)
    for old in slugs[:2]:
        assert_one_hop(client, f"{index}{old}/", f"{index}{slugs[2]}/")
        assert_one_hop(client, iri_to_uri(f"{index}{old}/"), f"{index}{slugs[2]}/")


@pytest.mark.parametrize(("language", "prefix"), [("cy", "/cy/"), ("ar", "/ar/")])
def test_moved_and_renamed_page_is_found_in_one_hop(client, site, django_capture_on_commit_callbacks, language, prefix):
    locale = site.homes[language].locale
    pages = {}
    for slug in ("one", "two"):
        page = StandardPage(title=slug, slug=slug, summary="s", locale=locale)
        pages[slug] = site.homes[language].add_child(instance=page)
    child = pages["one"].add_child(instance=StandardPage(title="c", slug="child", summary="s", locale=locale))
    with django_capture_on_commit_callbacks(execute=True):
        child.move(pages["two"], pos="last-child")
    child.refresh_from_db()
    rename(child, "grown", django_capture_on_commit_callbacks)
    assert_one_hop(client, f"{prefix}one/child/", f"{prefix}two/grown/")
    assert_one_hop(client, f"{prefix}two/child/", f"{prefix}two/grown/")


def test_what_is_below_a_renamed_section_is_found_in_one_hop(client, site, django_capture_on_commit_callbacks):
    make_article(site, "Erthygl", language="cy")
    rename(site.news["cy"], "hanes", django_capture_on_commit_callbacks)
    assert_one_hop(client, "/cy/newyddion/erthygl/", "/cy/hanes/erthygl/")
    assert_one_hop(client, "/cy/newyddion/", "/cy/hanes/")


@pytest.mark.parametrize(
    ("language", "index", "slug", "new", "words"),
    [
        ("en", "/news/", "stories", "/stories/", "topics/policy"),
        ("cy", "/cy/newyddion/", "hanes", "/cy/hanes/", "pynciau/polisi"),
        ("ar", "/ar/أخبار/", "قصص", "/ar/قصص/", "مواضيع/policy"),
    ],
)
def test_all_that_stands_below_a_renamed_index_is_found_in_one_hop(
    client, site, django_capture_on_commit_callbacks, language, index, slug, new, words
):
    date = datetime(2026, 8, 27, 12, tzinfo=UTC)
    make_article(site, "Article", language=language, topics=[site.topic], slug="article", published_on=date)
    lists = ["", f"{words}/", "2026/", "2026/8/"]
    kept = [f"{one}{form}" for one in lists for form in ("", "feed/", "atom/", "json/")]
    kept += ["article/", *(f"article.{form}" for form in ("md", "bib", "ris"))]
    for one in kept:
        assert client.get(f"{index}{one}").status_code == 200, one
    rename(site.news[language], slug, django_capture_on_commit_callbacks)
    for one in kept:
        assert_one_hop(client, f"{index}{one}", f"{new}{one}")


def test_an_article_in_another_form_follows_it(client, site, django_capture_on_commit_callbacks):
    article = make_article(site, "Article", slug="first")
    rename(article, "second", django_capture_on_commit_callbacks)
    for form in ("md", "bib", "ris"):
        assert_one_hop(client, f"/news/first.{form}", f"/news/second.{form}")
    article.unpublish()
    assert client.get("/news/first.md").status_code == 404


def test_nothing_leads_to_what_is_not_there_or_back_to_itself(client, site, django_capture_on_commit_callbacks):
    article = make_article(site, "Article", slug="there")
    rename(article, "elsewhere", django_capture_on_commit_callbacks)
    rename(article, "there", django_capture_on_commit_callbacks)
    for slug in ("stories", "news"):
        rename(site.news["en"], slug, django_capture_on_commit_callbacks)
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    assert client.get("/stories/feed/").headers["Location"] == "/news/feed/"
    for asked in (
        *("/news/there.md", "/news/there.txt/", "/news/topics/gone/", "/news/topics/gone/feed/", "/news/2001/"),
        *("/stories/gone/", "/stories/there/more/", "/stories/there.exe/", "/stories.md", "/stories//example.org/"),
    ):
        assert client.get(asked).status_code == 404, asked


def test_only_the_address_that_an_editor_recorded_leads_elsewhere(client, site):
    Redirect.add_redirect("/campaign", redirect_to=site.news["en"])
    record("/out", "https://example.org/")
    assert client.get("/campaign/").status_code == 301
    for asked in ("/campaign/feed/", "/out/feed/", "/out/news/", "/out.md"):
        assert client.get(asked).status_code == 404, asked


def test_what_stands_below_a_redirect_without_a_page_follows_the_page_above(
    client, site, django_capture_on_commit_callbacks
):
    rename(site.news["en"], "stories", django_capture_on_commit_callbacks)
    record("/news/topics", "https://example.org/")
    assert_one_hop(client, "/news/topics/policy/", "/stories/topics/policy/")


def record(old, new, **more):
    return Redirect.objects.create(old_path=old, redirect_link=new, **more)


def stock(address):
    """Return what Wagtail's own middleware answers to an address that is not found."""
    request = RequestFactory().get(address)
    return StockMiddleware(lambda _request: None).process_response(request, HttpResponseNotFound())


def test_the_later_of_two_redirects_for_one_address_counts(client, site):
    record("/campaign", "/first/")
    later = record("/campaign", "/second/", is_permanent=False)
    with pytest.raises(Redirect.DoesNotExist):
        stock("/campaign/")
    assert client.get("/campaign/").headers["Location"] == "/second/"
    assert client.get("/cy/campaign/").status_code == 404
    later.delete()
    response = client.get("/campaign")
    assert (response.status_code, response.headers["Location"]) == (301, "/first/")


def test_the_nearest_redirect_comes_first(client, site):
    record("/campaign", "/here/", site=Site.objects.get())
    record("/campaign", "/everywhere/")
    record("/campaign?a=1&b=2", "/with/")
    record("/ymgyrch-ŵ", "/decoded/")
    record("/ymgyrch-%C5%B5", "/encoded/")
    record("/%C5%B5", "/as-it-was-sent/")
    for asked, leads_to in {
        "/campaign?c=1": "/here/",
        "/campaign/?b=2&a=1": "/with/",
        "/ymgyrch-%C5%B5": "/decoded/",
        "/ymgyrch-%C5%B5?utm=x": "/decoded/",
        "/%C5%B5": "/as-it-was-sent/",
    }.items():
        assert client.get(asked).headers["Location"] == leads_to, asked


def test_a_redirect_without_an_aim_leads_nowhere(client, site):
    record("/nowhere", "")
    assert client.get("/nowhere/").status_code == 404


def test_no_redirect_leads_to_itself(client, site, django_capture_on_commit_callbacks):
    article = make_article(site, "There and back", slug="there")
    for slug in ("elsewhere", "there"):
        rename(article, slug, django_capture_on_commit_callbacks)
    article.unpublish()
    record("/loop", "/loop/")
    assert stock("/news/there/").headers["Location"] == "/news/there/"
    for asked in ("/news/there/", "/news/there/?utm=1", "/loop/", "/loop/?a=1"):
        assert client.get(asked).status_code == 404, asked
    assert client.get("/news/elsewhere/").status_code == 301


def test_an_address_that_nothing_answers_asks_once_for_redirects(client, site):
    client.get("/warm-up/?x=%C5%B5")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/ymgyrch-%C5%B5/a/b/c.md?utm=x").status_code == 404
    assert sum("wagtailredirects_redirect" in query["sql"] for query in asked) == 1


@pytest.mark.parametrize(
    "address", ["/a%00b/?c=%00", "/%2F[x/", "/%FF/?%FF", f"/{'x' * 3000}/", f"/{'x/' * 300}", "/.md/"]
)
def test_an_address_that_no_redirect_can_have_is_not_found(client, site, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/ar/أخبار/",
        "/ar/أخبار/?before=20260101T000000-1&x=أ",
        "/ar/أخبار/كتاب/secretariat/",
        "/ar/أخبار/أول.md",
        "/café/",
    ],
)
def test_an_address_in_composed_letters_is_found_in_decomposed_ones(client, site, address):
    """macOS writes letters with marks as two characters, in what is pasted from names of files."""
    make_article(site, "Article", language="ar", slug="أول")
    site.home.add_child(instance=StandardPage(title="Café", slug="café", summary="s", locale=site.home.locale))
    assert client.get(address).status_code == 200
    path, _, query = address.partition("?")
    asked = iri_to_uri(unicodedata.normalize("NFD", path) + ("?" if query else "") + query)
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, iri_to_uri(address))
    assert client.post(asked).status_code in (404, 405)


def test_what_is_recorded_or_stored_in_decomposed_letters_is_given_as_it_is(client, site):
    decomposed = unicodedata.normalize("NFD", "café")
    record(f"/{decomposed}", "/news/")
    default_storage.save(f"images/{decomposed}.txt", ContentFile(b"x"))
    assert client.get(iri_to_uri(f"/{decomposed}"))["Location"] == "/news/"
    assert client.get(iri_to_uri(f"/media/images/{decomposed}.txt")).status_code == 200


def test_an_address_that_nothing_answers_in_any_letters_leads_nowhere_twice(client, site):
    asked = iri_to_uri(unicodedata.normalize("NFD", "/ar/أ/"))
    found = client.get(asked)["Location"]
    assert client.get(found).status_code == 404


def test_composed_letters_lead_to_no_other_site(client, site):
    asked = iri_to_uri(unicodedata.normalize("NFD", "//evil.example/é/"))
    assert client.get(f"http://localhost{asked}")["Location"] == iri_to_uri("/%2Fevil.example/é/")


def test_browsers_ask_anew_where_an_address_leads(client, site, django_capture_on_commit_callbacks):
    article = make_article(site, "Report", slug="report")
    rename(article, "report-2025", django_capture_on_commit_callbacks)
    decomposed = unicodedata.normalize("NFD", "/news/café/")
    for address in ("/news/report/", iri_to_uri(decomposed), "/feed/rss/"):
        response = client.get(address)
        assert response.status_code == 301
        assert response["Cache-Control"] == "public, no-cache"
    rename(article, "report", django_capture_on_commit_callbacks)
    assert client.get("/news/report/").status_code == 200
