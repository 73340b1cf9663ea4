"""Who asks just what somebody asked before finds the answer ready: the same as without, gone with its generation."""

import random
from functools import partial
from itertools import product

import pytest

from delivery.page_cache import answers, stores
from delivery.page_cache.front import ASKED
from tests.factories import make_article
from tests.front import Front

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ADDRESSES = ("/news/", "/news/?utm=x", "/news/?before=20240101T000000-1", "/search/?q=a", "/nowhere/", "/documents/1/")
METHODS = ("GET", "HEAD", "POST")
SAID = (
    {},
    {"accept_encoding": "br"},
    {"accept_encoding": "gzip;q=0, br;q=0"},
    {"cookie": "other=1"},
    {"cookie": "session=abc"},
    {"host": "evil.example"},
    {"x_forwarded_proto": "https"},
    {"if_none_match": "*"},
    {"if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"if_modified_since": "Fri, 01 Jan 2010 00:00:00 GMT"},
    {"range": "bytes=0-3"},
)


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """All is made in one moment, and no answer waits for its second to go by."""
    monkeypatch.setattr(answers, "SETTLED_SECONDS", -1)
    monkeypatch.setattr(answers, "time", lambda: 1_790_000_000.5)


@pytest.fixture
def front(fresh_front, site):
    return fresh_front()


def ready(front):
    return front.application.memory.ready[1]


@pytest.mark.parametrize("proxies", [0, 1])
def test_it_is_the_same_answer_whatever_was_asked_before(fresh_front, site, settings, proxies):
    settings.TRUSTED_PROXY_COUNT = proxies
    front, without = fresh_front(), Front()
    without.application.memory.keep_ready = lambda *_: None
    for address in ADDRESSES:
        assert front.get(address) == without.get(address)
    asked = list(product(ADDRESSES, METHODS, SAID)) * 3
    random.Random(proxies).shuffle(asked)  # noqa: S311
    for address, method, said in asked:
        answer = without.get(address, method, **said)
        assert front.get(address, method, **said) == answer, (address, method, said)
    assert len(ready(front)) > 20


def test_what_one_reader_alone_asks_with_is_not_remembered(front):
    for said in ({"cookie": "other=1"}, {"if_none_match": "*"}, {"if_modified_since": "Fri, 01 Jan 2010 00:00:00 GMT"}):
        for _again in range(3):
            front.get("/news/", **said)
    assert not ready(front)
    for _again in range(3):
        front.get("/news/")
    assert len(ready(front)) == 1


def test_it_is_gone_with_its_generation(front, site, django_capture_on_commit_callbacks):
    article = make_article(site, "The plan")
    for _again in range(3):
        assert "The plan" in front.get("/news/").text
    assert ready(front)
    with django_capture_on_commit_callbacks(execute=True):
        article.unpublish()
    assert "The plan" not in front.get("/news/").text
    assert not ready(front)


def test_a_server_that_adds_headers_changes_no_other_answer(front):
    first = front.get("/news/")
    application = front.application
    front.application = lambda environ, start: application(
        environ, lambda status, headers: (headers.append(("Server", "x")), start(status, headers))
    )
    front.get("/news/"), front.get("/news/")
    front.application = application
    assert front.get("/news/") == first


def test_an_answer_that_will_get_a_date_is_not_ready_yet(front, monkeypatch):
    monkeypatch.setattr(answers, "SETTLED_SECONDS", 1_000)
    for _again in range(3):
        assert "Last-Modified" not in front.get("/news/").headers
    assert not ready(front)


def test_what_was_found_before_a_change_is_not_kept_ready_after_it(front):
    for _again in range(2):
        front.get("/news/")
    memory = front.application.memory
    before = memory.shown
    asked, answer = next(iter(ready(front).items()))
    memory.clear("the next")
    memory.keep_ready(before, asked, answer)
    assert not ready(front)


def test_http_and_https_stand_ready_apart(front):
    application = front.application
    for scheme in ("http", "https"):
        front.application = partial(by_scheme, application, scheme)
        front.get("/news/"), front.get("/news/")
    asked = [dict(zip(ASKED, values, strict=True)) for values in application.memory.ready[1]]
    assert [one["wsgi.url_scheme"] for one in asked] == ["http", "https"]


def by_scheme(application, scheme, environ, start_response):
    return application(environ | {"wsgi.url_scheme": scheme}, start_response)


@pytest.mark.parametrize("header", ["accept_encoding", "x_forwarded_proto", "host"])
def test_what_is_asked_at_great_length_is_remembered_nowhere(front, header):
    known = set(answers._codings), set(front.application.hosts)
    for _again in range(3):
        front.get("/news/", **{header: "x" * 2_000})
    assert not ready(front)
    assert (set(answers._codings), set(front.application.hosts) - {"localhost"}) == (known[0], known[1] - {"localhost"})


def test_it_stays_within_its_bounds(front, monkeypatch):
    monkeypatch.setattr(stores, "MOST_READY", 5)
    for number in range(20):
        for _again in range(2):
            front.get(f"/news/?utm={number}")
    assert 0 < len(ready(front)) <= 5
    front.application.memory.most_bytes = 1
    front.get("/news/?before=20240101T000000-1")
    assert not ready(front)
