"""Lists of news: by date, topic, author, kind, year and month, at any depth, in every language."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from news import archive
from news.models import ArticleKind, ArticleListing, Author, ListingTerm, Topic
from news.signals import refresh_below, restriction_changed
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def titles(response):
    return [row.title for row in response.context["rows"]]


def walk(client, address, link):
    """Follow newer or older links to the end and return the titles of every page."""
    pages = []
    while address and len(pages) < 50:
        response = client.get(address)
        assert response.status_code == 200
        pages.append(titles(response))
        found = response.context[link]
        address = f"{address.split('?')[0]}{found}" if found else None
    return pages


def make_many(site, count, same_moment=3):
    """Make articles of which several share a moment, as imports do."""
    for number in range(count):
        make_article(site, f"Article {number:03}", published_on=START + timedelta(minutes=number // same_moment))


def test_paging_shows_every_article_once_in_order(client, site):
    make_many(site, 47)
    pages = walk(client, "/news/", "older_url")
    shown = [title for page in pages for title in page]
    assert shown == [f"Article {number:03}" for number in reversed(range(47))]
    assert [len(page) for page in pages] == [20, 20, 7]


def test_a_cursor_past_the_end_is_the_first_page(client, site):
    make_many(site, 3)
    assert len(titles(client.get("/news/?before=19000101T000000-1"))) == 3


def test_newer_pages_lead_back_to_the_top(client, site):
    make_many(site, 47)
    last = "/news/"
    while older := client.get(last).context["older_url"]:
        last = f"/news/{older}"
    pages = walk(client, last, "newer_url")
    assert pages[-1][0] == "Article 046"
    assert {title for page in pages for title in page} == {f"Article {number:03}" for number in range(47)}


def test_news_published_meanwhile_moves_no_page(client, site):
    make_many(site, 30)
    older = client.get("/news/").context["older_url"]
    before = titles(client.get(f"/news/{older}"))
    make_article(site, "Just in", published_on=START + timedelta(days=9))
    assert titles(client.get(f"/news/{older}")) == before


@pytest.mark.parametrize(
    "query",
    ["before=", "before=x", "before=20260101T000000-", "before=99999999T999999-1", "after='", "before=%00", "page=2"],
)
def test_unknown_cursor_is_the_first_page(client, site, query):
    make_many(site, 3)
    assert titles(client.get(f"/news/?{query}"))[0] == "Article 002"


@given(text=st.text(max_size=40))
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_cursor_is_a_fault(client, site, text):
    assert client.get("/news/", {"before": text, "after": text}).status_code == 200


def test_lists_by_topic_author_and_kind(client, site):
    other = Topic.objects.create(name="Methods", slug="methods", locale=site.home.locale)
    writer = Author.objects.create(name="Methods group", slug="methods-group", locale=site.home.locale)
    make_article(site, "About policy")
    make_article(site, "About methods", topics=[other], authors=[writer])
    assert titles(client.get("/news/topics/methods/")) == ["About methods"]
    assert titles(client.get("/news/authors/methods-group/")) == ["About methods"]
    assert titles(client.get("/news/topics/policy/")) == ["About policy"]
    assert len(titles(client.get("/news/kinds/statement/"))) == 2


@pytest.mark.parametrize(("address", "shown"), [("/news/", [2, 0]), ("/news/2026/", [0, 2])])
def test_what_leads_away_from_a_list_does_not_promise_to_narrow_it(client, site, address, shown):
    make_article(site, "Plan", published_on=START)
    page = client.get(address).content.decode()
    assert [page.count(words) for words in ("Narrow the list", "Other lists")] == shown


def test_an_article_of_another_year_may_be_published_while_the_list_is_counted(client, site, monkeypatch):
    make_article(site, "First", published_on=START)
    known = iter([[2026], [2026, 2025]])
    monkeypatch.setattr(archive, "_years", lambda index_id: next(known))
    assert client.get("/news/2026/").status_code == 200


def test_archive_by_year_and_month_in_the_sites_own_time(client, site):
    # Half past eleven at night in UTC is the next month already in British summer time.
    make_article(site, "In July", published_on=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    make_article(site, "In June", published_on=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert titles(client.get("/news/2026/7/")) == ["In July"]
    assert titles(client.get("/news/2026/06/")) == ["In June"]
    assert len(titles(client.get("/news/2026/"))) == 2
    months = next(year for year in client.get("/news/2026/").context["years"] if year["name"] == "2026")["months"]
    assert [month["name"] for month in months] == ["June", "July"]


@pytest.mark.parametrize(
    "address",
    [
        "2025/",
        "2026/13/",
        "2026/0/",
        "0000/",
        "9999/12/",
        "99999/",
        "2026/1/1/",
        "topics/none/",
        "topics/",
        "kinds/%27/",
        "words/policy/",
        "authors/none/",
        "feed/none/",
    ],
)
def test_unknown_lists_are_not_found(client, site, address):
    make_article(site)
    assert client.get(f"/news/{address}").status_code == 404


def test_welsh_lists_use_welsh_words_and_show_welsh_articles(client, site):
    english = make_article(site, "In English")
    make_article(site, "Yn Gymraeg", language="cy", translation_key=english.translation_key)
    response = client.get("/cy/newyddion/pynciau/polisi/")
    assert titles(response) == ["Yn Gymraeg"]
    assert 'lang="cy"' in response.content.decode()
    assert client.get("/cy/newyddion/topics/polisi/").headers["Location"] == "/cy/newyddion/pynciau/polisi/"
    assert client.get("/news/topics/polisi/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/news/", "/news/topics/policy/", "/news/authors/secretariat/", "/news/kinds/statement/"]
)
@pytest.mark.parametrize(("kind", "mime"), [("feed", "application/rss+xml"), ("atom", "application/atom+xml")])
def test_lists_have_feeds(client, site, address, kind, mime):
    make_article(site, "Ours & <theirs>", summary="Short & <sweet>\x0b from slides")
    response = client.get(f"{address}{kind}/")
    assert response["Content-Type"].startswith(mime)
    ElementTree.fromstring(client.get("/news/feed/").content)  # noqa: S314 - our own output
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own output
    assert "Ours & <theirs>" in [element.text for element in root.iter() if element.tag.endswith("title")]
    assert client.get(f"/news/topics/none/{kind}/").status_code == 404


def test_unlisted_article_is_reachable_and_in_no_list(client, site):
    make_article(site, "Quiet", is_unlisted=True)
    assert client.get("/news/quiet/").status_code == 200
    for address in ("/", "/news/", "/news/topics/policy/", "/news/feed/", "/search/?q=quiet"):
        assert b"Quiet" not in client.get(address).content


def test_listing_follows_every_change(client, site):
    article = make_article(site, "First title")
    article.title = "Second title"
    article.save_revision()
    assert ArticleListing.objects.get().title == "First title"
    article.get_latest_revision().publish()
    assert ArticleListing.objects.get().title == "Second title"
    article.move(site.news["cy"], pos="last-child")
    assert ArticleListing.objects.get().index_id == site.news["cy"].pk
    article.refresh_from_db()
    article.unpublish()
    assert not ArticleListing.objects.exists()
    article.save_revision().publish()
    assert ArticleListing.objects.exists()
    article.delete()
    assert not ArticleListing.objects.exists()


@pytest.mark.parametrize("year", [2, 3026, 9999])
def test_a_year_typed_wrongly_hides_nothing_and_can_be_read(client, site, year):
    make_article(site, "Right", published_on=START)
    make_article(site, "Wrong", published_on=START.replace(year=year))
    assert client.get("/news/").context["listed"].count == 2
    assert titles(client.get("/news/2026/")) == ["Right"]
    if year < 9998:
        assert titles(client.get(f"/news/{year:04}/")) == ["Wrong"]
        assert client.get(f"/news/{year:04}/feed/").status_code == 200


def test_no_page_takes_the_address_of_a_feed(site):
    article = make_article(site)
    for page, slug in ((article, "feed"), (article, "json"), (site.contact["en"], "feed")):
        page.slug = slug
        with pytest.raises(ValidationError, match="reserved"):
            page.clean()


def test_a_section_that_is_closed_leaves_all_lists_in_as_many_steps_whatever_its_size(site):
    news, asked = site.news["en"], []
    for count in (2, 6):
        for number in range(count):
            article = make_article(site, f"{count} {number}")
        alias = article.create_alias(parent=site.news["cy"], update_slug=f"elsewhere-{count}")
        with CaptureQueriesContext(connection) as queries:
            restriction_changed(PageViewRestriction, PageViewRestriction(page=news))
        asked.append(len(queries))
        assert not ArticleListing.objects.filter(index=news).exists()
        # As ever, who may read an alias depends on where it stands, and on its source alone.
        assert ArticleListing.objects.filter(pk=alias.pk).exists()
    assert asked[0] == asked[1]


def test_the_search_files_an_article_under_the_year_of_the_site(site):
    article = make_article(site, published_on=datetime(2026, 1, 1, 2, tzinfo=UTC))
    with timezone.override("America/Los_Angeles"):
        assert ("year", 2026) in article.search_facets()


def test_rows_of_a_whole_section_are_right_and_cost_no_query_for_each_article(site):
    news, kinds = site.news["en"], list(ArticleKind.objects.filter(locale=site.home.locale))
    asked = []
    for count in (3, 9):
        for number in range(count):
            article = make_article(site, f"{count} {number}", kind=kinds[number % 2])
            article.create_alias(parent=site.news["cy"], update_slug=f"{count}-{number}")
        make_article(site, f"Unlisted {count}", is_unlisted=True)
        make_article(site, f"Draft {count}", live=False)
        closed = make_article(site, f"Closed {count}")
        PageViewRestriction.objects.create(page=closed, restriction_type="password", password="x")
        # As nobody would leave them.
        ArticleListing.objects.filter(slug__contains="1").delete()
        ArticleListing.objects.update(title="Wrong")
        ListingTerm.objects.filter(key=site.topic.translation_key).update(key=uuid4())
        with CaptureQueriesContext(connection) as queries:
            refresh_below(news)
        asked.append(len(queries))
        call_command("listing", "verify")
    assert asked[0] == asked[1]
    assert ArticleListing.objects.filter(index=news).count() == 12
