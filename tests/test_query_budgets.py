"""Queries per anonymous page: the same with ten times the links and pictures, and none that writes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from delivery import generation, sites
from tests.factories import body_of, downloads_of, every_block, make_article, make_document, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
COLD_EXTRA = 8


def queries_of(client, address, status=200):
    """Return the queries of a page at a warm generation, after checking what a cold one adds."""
    generation.forget()
    generation.current()
    with CaptureQueriesContext(connection) as cold:
        assert client.get(address).status_code == status
    with CaptureQueriesContext(connection) as warm:
        assert client.get(address).status_code == status
    for query in [*cold, *warm]:
        assert not query["sql"].lstrip().upper().startswith(WRITES), query["sql"]
    assert len(cold) - len(warm) <= COLD_EXTRA
    return [query["sql"] for query in warm]


def more_links(site, title, times):
    """Return raw blocks with links where ``every_block`` has none: in lists, in a transcript, in lines of a table."""
    pages = [make_article(site, f"{title} listed {number}", topics=[], authors=[]) for number in range(times)]
    links = [f'<a linktype="page" id="{page.pk}">{page.title}</a>' for page in pages]
    items = "".join(f"<li>{link}</li>" for link in links)
    table = {"caption": "Links", "columns": [{"type": "rich_text", "heading": "Where"}]}
    table["rows"] = [{"values": [f"<p>{link}</p>"]} for link in links]
    film = {"title": "Film", "url": "https://vimeo.com/100000001", "file": None, "poster": None}
    return [
        {"type": "paragraph", "value": f"<ul>{items}</ul><ol>{items}</ol>"},
        {"type": "media", "value": film | {"transcript": f"<ul>{items}</ul>"}},
        {"type": "table", "value": {"first_column_is_header": False, "table": table}},
    ]


def rich_article(site, title, times):
    downloads = [make_document(f"{title} {number}", f"{number}.pdf") for number in range(times)]
    others = [make_article(site, f"{title} related {number}") for number in range(2)]
    body = body_of([*every_block(site, times), *more_links(site, title, times)])
    article = make_article(site, title, body=body, lead_image=make_image(title), lead_image_alt="x")
    article.downloads = downloads_of(*downloads)
    article.related = article.related.stream_block.to_python(
        [{"type": "article", "value": other.pk} for other in others]
    )
    article.notes_to_editors = f'<p><a linktype="page" id="{others[0].pk}">note</a></p>'
    article.save()
    return article


@pytest.mark.parametrize("times", [1, 10])
def test_article_stays_within_its_budget(client, site, times):
    rich_article(site, "Response", times)
    queries = queries_of(client, "/news/response/")
    assert len(queries) == 8, "\n".join(queries)


def test_article_with_more_news_by_topic_stays_within_its_budget(client, site):
    for number in range(5):
        make_article(site, f"Other {number}", lead_image=make_image(f"p{number}"), lead_image_alt="x")
    make_article(site, "Response")
    assert len(queries_of(client, "/news/response/")) <= 8


@pytest.mark.parametrize("articles", [3, 45])
@pytest.mark.parametrize(
    "address", ["/news/", "/news/topics/policy/", "/news/authors/secretariat/", "/news/kinds/statement/"]
)
def test_lists_stay_within_their_budget(client, site, address, articles):
    for number in range(articles):
        make_article(site, f"Article {number}", lead_image=None)
    site.news["en"].introduction = f'<p><a linktype="page" id="{site.contact["en"].pk}">Contact</a></p>'
    site.news["en"].save()
    assert len(queries_of(client, address)) <= 6


def test_deep_page_and_archive_stay_within_their_budget(client, site):
    for number in range(45):
        make_article(site, f"Article {number}")
    older = client.get("/news/").context["older_url"]
    published_on = timezone.localtime(make_article(site, "Newest").published_on)
    assert len(queries_of(client, f"/news/{older}")) <= 6
    assert len(queries_of(client, f"/news/{published_on.year}/{published_on.month}/")) <= 6


@pytest.mark.parametrize("times", [1, 10])
def test_home_stays_within_its_budget(client, site, times):
    pinned = [rich_article(site, f"Pinned {number}", 1) for number in range(2)]
    home = site.home.specific
    home.lead_story = pinned[0].page_ptr
    home.pinned = home.pinned.stream_block.to_python([{"type": "article", "value": pinned[1].pk}])
    home.body = body_of(every_block(site, times))
    home.save()
    queries = queries_of(client, "/")
    assert len(queries) == 6, "\n".join(queries)


def test_contact_and_search_stay_within_their_budgets(client, site):
    for number in range(15):
        make_article(site, f"Trial {number}")
    assert len(queries_of(client, "/contact/")) <= 6
    assert len(queries_of(client, "/search/?q=trial")) <= 8


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite plans without having counted")
def test_sqlite_finds_pages_by_our_indexes_though_nobody_counted_them(site):
    edition = sites.live_editions()["en"]
    looked_up = Page.objects.filter(url_path__in=["/home/", "/home/news/"], locale_id=edition.locale_id)
    assert "portal_page_address" in looked_up.order_by("-depth").explain()
    assert "portal_page_path" in site.news["en"].get_descendants().order_by().explain()


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="only SQLite takes many empty values for one that is frequent"
)
def test_sqlite_finds_aliases_by_our_index_when_somebody_counted(site):
    for number in range(30):
        make_article(site, f"Article {number}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert "portal_page_alias_of" in Page.objects.filter(alias_of=site.home).order_by("path").explain()
