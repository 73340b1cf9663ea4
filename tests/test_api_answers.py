"""The public API answers every question in JSON, within a budget of queries, and without a fault."""

from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.models import Site

from delivery import generation
from news.models import ArticlePage, Author, Topic
from tests.api import ARTICLES, listed
from tests.factories import body_of, every_block, make_article, make_document, make_image
from tests.front import Front

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HUGE = str(10**30)


@pytest.mark.parametrize(
    "address",
    [
        "/api/v2/",
        "/api/v2/pages/",
        f"{ARTICLES}&fields=*",
        "/api/v2/images/",
        "/api/v2/documents/",
        "/api/v2/pages/?limit=x",
        "/api/v2/pages/999999/",
        "/api/v2/no/such/thing/",
    ],
)
def test_answers_are_json_for_any_site_without_a_cookie(site, address):
    client = Client(enforce_csrf_checks=True)
    for headers in (
        {},
        {"Accept": "text/html"},
        {"Accept": ";;;/"},
        {"Cookie": f"{settings.SESSION_COOKIE_NAME}={'x' * 32}"},
    ):
        response = client.get(address, headers=headers)
        assert response["Content-Type"] == "application/json"
        assert response["Cache-Control"] == "public, no-cache"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response.get("Vary", "") in ("", "Accept-Encoding")
        assert not response.cookies
        response.json()
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)(address)
        assert (response.status_code, "message" in response.json()) == (405, True)
        assert response["Access-Control-Allow-Origin"] == "*"
    preflight = client.options(address)
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert "GET" in preflight["Access-Control-Allow-Methods"]
    assert client.head(address).content == b""


def test_an_unchanged_answer_is_not_sent_again(site, django_capture_on_commit_callbacks):
    article = make_article(site, "Response")
    front = Front()
    tag = front.get(f"{ARTICLES}&fields=*").headers["ETag"]
    again = front.get(f"{ARTICLES}&fields=*", if_none_match=tag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    with django_capture_on_commit_callbacks(execute=True):
        article.title = "Our response"
        article.save()
    assert "Our response" in front.get(f"{ARTICLES}&fields=*", if_none_match=tag).text


def test_before_there_is_a_site_the_lists_are_empty(client, db):
    Site.objects.all().delete()
    generation.forget()
    for kind in ("pages", "images", "documents"):
        assert listed(client, f"/api/v2/{kind}/") == []
    assert client.get("/api/v2/pages/?child_of=root").status_code == 400


CHOSEN = [
    f"offset={HUGE}",
    f"limit={HUGE}",
    f"limit={'9' * 6000}",
    "limit=-1",
    "limit=51",
    "limit=",
    "limit=%C2%B2",
    "offset=10001",
    "offset=1e3",
    f"child_of={HUGE}",
    f"child_of={'9' * 6000}",
    "child_of=-1",
    "child_of=",
    "child_of=0",
    "descendant_of=x",
    "ancestor_of=%00",
    "translation_of=999999999999999999",
    "type=x",
    "type=news.Nothing",
    "type=core.Image",
    "type=core.BasePage",
    "type=a.b.c",
    "type=,",
    "locale=xx",
    "locale=%00",
    "fields=nonsense",
    "fields=a,,b",
    "fields=-",
    "fields=*,body",
    "fields=" + "a(" * 3000,
    "fields=kind(name)",
    "fields=original",
    "order=nonsense",
    "order=random",
    "order=--title",
    "order=path",
    "order=published_on",
    "order=title,",
    "search=x&search_operator=xor",
    "search=x&order=nonsense",
    "title=%00",
    "title=a&title=%00&title=b",
    "nonsense=1",
    "body=x",
    "site=1",
    "format=api",
    "rich_text_format=db_html",
    "id=1",
]


@pytest.mark.parametrize("query", CHOSEN)
def test_a_bad_question_is_answered_with_its_mistake(client, site, query):
    response = client.get(f"/api/v2/pages/?{query}")
    assert response.status_code == 400, response.content
    assert response.json()["message"]


@pytest.mark.parametrize(
    "query",
    [
        *("search=%22", "search=%01", "search=*", "search=AND", "search=NEAR(a b)", "search="),
        *("search=title:x", "search=a-b", "search=^(", f"search={'x ' * 3000}", "search=%F0%9F%98%80", "search=%FF"),
        *("limit=1&limit=2", "type=", "order=", "fields=", "fields=_", "fields=*", "title=%01%02", "slug=%ED%A0%80"),
        *(f"title={HUGE}", "search=x&order=title", "search=x&order=-id", "topic=%F0%9F%98%80", "kind=", "author=a,b"),
        "search=x&child_of=root&locale=cy&topic=policy&type=news.ArticlePage",
        "type=wagtailcore.Page&search=news",
        "type=news.ArticlePage,home.HomePage&search=news",
    ],
)
def test_an_odd_question_is_answered(client, site, query):
    make_article(site, "Response")
    for kind in ("pages", "images", "documents"):
        response = client.get(f"/api/v2/{kind}/?{query}")
        assert response.status_code in ((200,) if kind == "pages" else (200, 400)), response.content


@pytest.mark.parametrize(
    "path",
    [
        f"pages/{HUGE}/",
        f"pages/{'9' * 6000}/",
        "pages/0/",
        "pages/-1/",
        "pages/x/",
        "pages/%00/",
        "pages/1%00/",
        "pages/999999999999999999/",
        "pages/%D9%A1/",
        "pages/find/",
        f"images/{HUGE}/",
        "images/999999999999999999/",
        f"documents/{HUGE}/",
        "users/",
        "%22/",
        "//",
    ],
)
def test_what_is_not_there_is_not_found(client, site, path):
    response = client.get(f"/api/v2/{path}")
    assert response.status_code == 404 or (path == "pages/1%00/" and response.status_code in (200, 404))
    assert response.json()


NAMES = st.sampled_from(
    [
        *("limit", "offset", "fields", "order", "search", "search_operator", "title", "slug", "type", "locale"),
        *("child_of", "descendant_of", "ancestor_of", "translation_of", "topic", "author", "kind", "nonsense"),
    ]
)
VALUES = st.one_of(
    st.text(max_size=20),
    st.text(alphabet="*_-,()", max_size=8),
    st.text(alphabet='"*^():-+ AND', max_size=12),
    st.integers(min_value=-(10**40), max_value=10**40).map(str),
    st.sampled_from(["root", "title", "-title", "id,title", "news.ArticlePage", "en", "cy", "policy", "and", "*"]),
)


@given(
    kind=st.sampled_from(["pages", "images", "documents"]),
    query=st.lists(st.tuples(NAMES, VALUES), max_size=5),
    pk=st.one_of(st.just(""), st.integers(min_value=0, max_value=10**25).map(lambda pk: f"{pk}/")),
)
@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_random_question_is_a_fault(client, site, kind, query, pk):
    response = client.get(f"/api/v2/{kind}/{pk}?{urlencode(query)}")
    assert response.status_code in (200, 400, 404)
    response.json()


@given(path=st.text(max_size=30), query=st.binary(max_size=40))
@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_random_address_is_a_fault(client, site, path, query):
    response = client.get(f"/api/v2/{quote(path)}?{quote_from_bytes(query, safe='=&%')}")
    assert response.status_code in (200, 301, 400, 404)


def queries_of(client, address):
    """Return the queries of an address at a warm generation, without those that bound their time; none writes."""
    generation.current()
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    asked = [query["sql"] for query in captured]
    asked = [sql for sql in asked if not sql.startswith(("SAVEPOINT", "RELEASE")) and "set_config" not in sql]
    assert not [sql for sql in asked if not sql.startswith(("SELECT", "WITH"))]
    return asked


@pytest.mark.parametrize(
    ("address", "budget"),
    [
        (f"{ARTICLES}&fields=*&limit=50", 9),
        (f"{ARTICLES}&fields=*&limit=50&search=linked", 10),
        (ARTICLES, 3),
        ("/api/v2/pages/?fields=*&limit=50", 4),
        ("/api/v2/images/?fields=*&limit=50", 4),
        ("/api/v2/documents/?fields=*&limit=50", 4),
    ],
)
@pytest.mark.parametrize("articles", [3, 20])
def test_a_list_costs_the_same_with_every_number_of_rows(client, site, address, budget, articles):
    locale = site.home.locale
    for number in range(articles):
        topic = Topic.objects.create(name=f"Topic {number}", slug=f"topic-{number}", locale=locale)
        author = Author.objects.create(name=f"Author {number}", slug=f"author-{number}", locale=locale)
        target, image, document = make_article(site, f"Target {number}"), make_image(f"i{number}"), make_document()
        blocks = [
            {"type": "paragraph", "value": f'<p><a linktype="page" id="{target.pk}">x</a></p>'},
            {"type": "image", "value": {"image": image.pk, "alt_text": "x"}},
            {"type": "document", "value": {"document": document.pk, "title": ""}},
        ]
        fields = {"lead_image": image, "lead_image_alt": "x", "body": body_of(blocks)}
        english = make_article(site, f"Linked {number}", topics=[topic], authors=[author], **fields)
        welsh = make_article(site, f"Linked yn Gymraeg {number}", language="cy", **fields)
        welsh.translation_key = english.translation_key
        welsh.save()
    queries = queries_of(client, address)
    assert len(queries) == budget, "\n".join(queries)


def test_pictures_in_any_field_are_loaded_together(client, site, monkeypatch):
    monkeypatch.setattr(ArticlePage, "api_fields", [*ArticlePage.api_fields, "social_image"])
    counts = set()
    for number in range(3):
        make_article(site, f"Shared {number}", social_image=make_image(f"s{number}"))
        counts.add(len(queries_of(client, f"{ARTICLES}&fields=_,social_image")))
    assert len(counts) == 1


def test_a_page_costs_the_same_with_ten_of_every_block(client, site):
    counts = set()
    for times in (1, 10):
        article = make_article(site, f"Response {times}", body=body_of(every_block(site, times)))
        counts.add(len(queries_of(client, f"/api/v2/pages/{article.pk}/")))
    assert counts == {9}
