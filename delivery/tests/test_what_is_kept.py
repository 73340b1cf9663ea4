"""Only an answer that is whole, and the same for everybody by its own words, is kept; faulty pages leak nothing."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from search.engine.deadline import TookTooLong
from tests.factories import make_article, make_image
from tests.front import echo, in_both_orders

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SECRET = "For one reader only"


@pytest.mark.parametrize(
    "said",
    [
        {"cookie": "session=secret"},
        {"cookie": "tracker=secret"},
        {"cookie": "a=b; session=secret", "if_none_match": '"secret"'},
        {"range": "bytes=0-3"},
        {"if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_what_a_request_says_of_its_sender_stands_in_no_answer_to_others(fresh_front, said):
    for _own, others in in_both_orders(fresh_front, lambda f: f.get("/x/", **said), lambda f: f.get("/x/"), echo):
        assert "secret" not in others.text
        assert others.status_code == 200
        assert others.text == "[]"


def answering(*headers, status="200 OK"):
    def site(environ, start_response):
        start_response(status, [("Content-Type", "text/html"), *headers])
        return [SECRET.encode()]

    return site


@pytest.mark.parametrize(
    "headers",
    [
        [("Cache-Control", "public"), ("Set-Cookie", "session=secret")],
        [("Cache-Control", "public"), ("set-cookie", "other=secret")],
        [("Cache-Control", "private, no-store")],
        [("Cache-Control", "no-store")],
        [("Cache-Control", "public"), ("Vary", "Cookie")],
        [("Cache-Control", "public"), ("Vary", "*")],
        [("Cache-Control", "public"), ("Vary", "Accept-Encoding, Accept-Language")],
        [],
    ],
)
def test_an_answer_that_is_not_for_everybody_is_made_each_time(fresh_front, headers):
    front = fresh_front(answering(*headers))
    first, second = front.get("/x/"), front.get("/x/")
    assert front.made == ["/x/", "/x/"]
    assert first.content == second.content == SECRET.encode()
    assert "ETag" not in second.headers


@pytest.mark.parametrize("status", ["206 Partial Content", "301 Moved", "404 Not Found", "500 Internal Server Error"])
def test_only_whole_answers_are_kept(fresh_front, status):
    front = fresh_front(answering(("Cache-Control", "public"), status=status))
    assert front.get("/x/").status_code == front.get("/x/").status_code == int(status[:3])
    assert len(front.made) == 2


@pytest.mark.parametrize("said", [{}, {"HTTP_ACCEPT_ENCODING": "br"}, {"HTTP_IF_NONE_MATCH": "*"}])
def test_what_is_kept_is_the_same_in_http_as_in_wsgi(fresh_front, site, said):
    front = fresh_front()
    front.get("/news/")
    environ = RequestFactory().get("/news/", headers={"host": "localhost"}).environ | said
    begun = []
    body = b"".join(front.application(environ, lambda *given: begun.append(given)))
    answer = front.application.at_once(environ)
    first, *lines = answer.head.decode().split("\r\n")
    assert (first, [tuple(line.split(": ", 1)) for line in lines]) == (f"HTTP/1.1 {begun[0][0]}", begun[0][1])
    assert answer.body == body
    assert answer.headers is not begun[0][1]


def test_a_cookie_that_a_browser_has_is_not_replaced_by_another(fresh_front, site):
    articles = [make_article(site, title) for title in ("One", "Two")]
    for article in articles:
        PageViewRestriction.objects.create(page=article, restriction_type="password", password="sesame")
    front = fresh_front()
    first = front.get(articles[0].address).headers["Set-Cookie"].strip().partition(";")[0]
    second = front.get(articles[1].address, cookie=first).headers["Set-Cookie"].strip().partition(";")[0]
    assert first.startswith("csrf=")
    assert second == first


def test_files_put_into_a_closed_collection_leave_the_api_at_once(
    admin_client, fresh_front, site, django_capture_on_commit_callbacks
):
    image = make_image("Withdrawn harbour")
    collection = Collection.get_first_root_node().add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    front = fresh_front()
    assert "Withdrawn harbour" in front.get("/api/v2/images/").text
    address = reverse("wagtail_bulk_action", args=["core", "image", "add_to_collection"])
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(f"{address}?id={image.pk}", {"collection": collection.pk}).status_code == 302
    assert "Withdrawn harbour" not in front.get("/api/v2/images/").text


@pytest.mark.parametrize(
    ("address", "found"), [("/search/feed/?q=harbour", "/news/harbour/"), ("/search/suggest/?q=har", "arbour")]
)
def test_a_search_that_took_too_long_is_not_kept_as_one_that_found_nothing(
    fresh_front, site, monkeypatch, address, found
):
    make_article(site, "Harbour")
    front = fresh_front()
    with monkeypatch.context() as patched:
        patched.setattr("search.views.results.deadline", took_too_long)
        assert found not in front.get(address).text
    assert found in front.get(address).text


def took_too_long():
    raise TookTooLong


def test_the_site_map_of_news_is_made_for_the_minute(fresh_front, site, monkeypatch):
    article = make_article(site, "Soon", published_on=timezone.now() + timedelta(minutes=1))
    front = fresh_front()
    assert article.address not in front.get("/sitemap-news.xml").text
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert article.address in front.get("/sitemap-news.xml").text
