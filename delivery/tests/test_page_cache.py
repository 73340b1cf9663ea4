"""The page cache: made once, the same for everybody, gone when the content changes."""

import gzip
import pickle
import threading
import time
import zlib

import brotli
import pytest
from django.core.cache import caches
from django.utils import timezone

from core.models import Furniture
from delivery import generation, maintenance
from delivery.page_cache import answers
from news.models import ArticleListing
from tests.factories import make_article
from tests.front import Front

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def front(site, settings, tmp_path):
    settings.CACHES = {**settings.CACHES, "pages": settings.CACHES["pages"] | {"LOCATION": tmp_path / "pages"}}
    return Front()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def later(monkeypatch):
    """Let so many seconds go by, all at once."""

    def go_by(seconds):
        moment, now = time.time() + seconds, timezone.now() + timezone.timedelta(seconds=seconds)
        monkeypatch.setattr(generation.time, "time", lambda: moment)
        monkeypatch.setattr(timezone, "now", lambda: now)

    return go_by


def test_a_page_is_made_once(front):
    first = front.get("/news/")
    again = front.get("/news/")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert front.made == ["/news/"]


def test_it_is_what_django_says(front, client):
    page = client.get("/news/")
    kept = front.get("/news/")
    assert kept.content == page.content
    said = {name: value for name, value in page.headers.items() if name not in ("Content-Length", "Vary")}
    assert said.items() <= kept.headers.items()
    assert kept.headers["Cache-Control"] == "public, no-cache"


def test_every_coding_has_its_own_validator_and_is_known_again(front):
    plain = front.get("/news/")
    tags = {plain.headers["ETag"]}
    for accepted, unpacked in (("gzip, br", brotli.decompress), ("gzip, br;q=0", gzip.decompress)):
        packed = front.get("/news/", accept_encoding=accepted)
        assert unpacked(packed.content) == plain.content
        assert int(packed.headers["Content-Length"]) == len(packed.content)
        assert packed.headers["Vary"] == "Accept-Encoding"
        tags.add(packed.headers["ETag"])
        known = front.get("/news/", accept_encoding=accepted, if_none_match=f'"x", W/{packed.headers["ETag"]}')
        assert (known.status_code, known.content) == (304, b"")
        assert known.headers["ETag"] == packed.headers["ETag"]
        assert known.headers["Cache-Control"] == "public, no-cache"
    assert len(tags) == 3
    assert front.get("/news/", if_none_match='"other"').status_code == 200
    assert front.made == ["/news/"]


def test_a_date_knows_an_answer_only_after_its_second(front, monkeypatch):
    now = time.time()
    monkeypatch.setattr(answers, "time", lambda: now)
    front.get("/news/")
    moment = "Fri, 01 Jan 2100 00:00:00 GMT"
    fresh = front.get("/news/", if_modified_since=moment)
    assert fresh.status_code == 200
    assert "Last-Modified" not in fresh.headers
    monkeypatch.setattr(answers, "time", lambda: now + 2)
    dated = front.get("/news/").headers["Last-Modified"]
    assert front.get("/news/", if_modified_since=dated).status_code == 304
    assert front.get("/news/", if_modified_since="Fri, 01 Jan 2010 00:00:00 GMT").status_code == 200


def test_the_head_of_a_kept_page_has_no_body(front):
    length = front.get("/news/").headers["Content-Length"]
    head = front.get("/news/", method="HEAD")
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", length)


def test_a_change_is_seen_at_once_on_every_page_that_shows_it(front, site, committed):
    article = make_article(site, "The plan")
    for address in ("/", "/news/", "/news/the-plan/", "/news/feed/"):
        assert "The plan" in front.get(address).text, address
    with committed():
        article.title = "The other plan"
        article.save_revision().publish()
    for address in ("/", "/news/", "/news/the-plan/", "/news/feed/"):
        assert "The other plan" in front.get(address).text, address
    with committed():
        article.delete()
    assert front.get("/news/the-plan/").status_code == 404
    assert "The other plan" not in front.get("/news/").text


def test_only_the_parameters_that_a_page_reads_make_another_one(front, site):
    for query in ("", "?utm_source=x", "?before=nothing&x=1", "?fbclid=1&fbclid=2"):
        front.get(f"/news/{query}")
    assert len(front.made) == 2
    front.get("/search/?q=one")
    front.get("/search/?q=two")
    assert len(front.made) == 4


def test_what_is_not_for_everybody_is_not_kept(front, site):
    for address in ("/nowhere/", "/search", "/_util/opened/", "/readyz"):
        front.get(address)
        front.get(address)
    assert len(front.made) == 8


@pytest.mark.parametrize("cookie", ["other=session", "xsession=1", "a=1; csrf=2"])
def test_unknown_cookies_change_nothing(front, cookie):
    first = front.get("/news/", cookie=cookie)
    assert front.get("/news/").content == first.content
    assert front.made == ["/news/"]


@pytest.mark.parametrize("cookie", ["session=abc", "a=1; session=abc", "a=1;session=", "session\t =abc"])
def test_a_session_never_meets_the_cache(front, cookie):
    front.get("/news/", cookie=cookie)
    front.get("/news/")
    front.get("/news/", cookie=cookie)
    assert len(front.made) == 3


def test_a_foreign_host_is_refused_whatever_is_kept(front):
    front.get("/news/")
    assert front.get("/news/", host="evil.example").status_code == 400


def test_maintenance_comes_before_what_is_kept(front):
    front.get("/news/")
    maintenance.begin()
    try:
        assert front.get("/news/").status_code == 503
    finally:
        maintenance.end()
    assert front.get("/news/").status_code == 200


def test_maintenance_switched_by_hand_is_followed(front, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    front.get("/news/")
    (tmp_path / "maintenance.json").touch()
    maintenance.follow()
    assert front.get("/news/").status_code == 503
    (tmp_path / "maintenance.json").unlink()
    maintenance.follow()
    assert front.get("/news/").status_code == 200


def test_memory_stays_within_its_bound(front, site):
    small = Front(most_bytes=100_000)
    for number in range(40):
        assert small.get(f"/news/?before=20240101T0000{number:02}-1").status_code == 200
    memory = small.application.memory
    assert memory.bytes <= 100_000
    assert memory.bytes == sum(getattr(item, "size", 500) for item in memory.items.values())
    assert 1 < len(memory.items) < 20


def test_another_process_takes_what_is_shared(front):
    front.get("/news/")
    other = Front()
    assert other.get("/news/").content == front.get("/news/").content
    assert other.made == []


def test_what_a_reader_typed_stays_in_memory(front, tmp_path):
    for _again in range(2):
        front.get("/search/?q=my+own+words")
    front.get("/news/?before=20240101T000000-1")
    assert front.made == ["/search/", "/news/"]
    kept = b""
    for path in (tmp_path / "pages").iterdir():
        with path.open("rb") as file:
            pickle.load(file)  # noqa: S301 - when it ends; ours
            kept += zlib.decompress(file.read())
    assert b"my own words" not in kept
    assert b"/news/" in kept


def test_the_folder_of_pages_stays_within_its_number(settings, tmp_path):
    own = {"LOCATION": tmp_path / "pages", "max_entries": 300}
    settings.CACHES = {**settings.CACHES, "pages": settings.CACHES["pages"] | own}
    for number in range(1_000):
        caches["pages"].set(str(number), number)
    assert len(list((tmp_path / "pages").iterdir())) <= 400


def test_a_shared_cache_that_fails_costs_nobody_a_page(front, settings, caplog):
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "pages": redis}
    other = Front()
    assert other.get("/news/").status_code == 200
    assert other.get("/contact/").status_code == 200
    assert len([record for record in caplog.records if "shared cache" in record.message]) == 1
    assert caches["pages"]


def test_an_article_ends_at_its_moment_although_nobody_has_done_it(front, site, committed, later):
    article = make_article(site, "The plan")
    with committed():
        article.expire_at = timezone.now() + timezone.timedelta(seconds=60)
        article.save_revision().publish()
    addresses = ("/", "/news/", "/news/the-plan/", "/news/feed/", "/sitemap-en-1.xml", "/api/v2/pages/")
    for address in addresses:
        assert "the-plan" in front.get(address).text, address
    later(61)
    for address in addresses:
        answer = front.get(address)
        assert "the-plan/" not in answer.text or answer.status_code == 404, address
    assert front.get("/news/the-plan/").status_code == 404
    assert ArticleListing.objects.filter(pk=article.pk).exists()


def test_furniture_ends_at_its_moment_too(front, site, committed, later):
    item = Furniture.objects.get(locale__language_code="en")
    name = item.organisation_name = "The Society of Harbours"
    with committed():
        item.expire_at = timezone.now() + timezone.timedelta(seconds=60)
        item.save()
    assert name in front.get("/").text
    later(61)
    assert name not in front.get("/").text


def test_who_comes_at_once_gets_what_one_has_made(settings, site):
    generation.poll()

    def slow(environ, start_response):
        time.sleep(0.2)
        start_response("200 OK", [("Cache-Control", "public"), ("Content-Type", "text/html")])
        return [b"made"]

    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    front = Front(slow)
    got = []
    crowd = [threading.Thread(target=lambda n=n: got.append(front.get(f"/x/?a={n % 4}").content)) for n in range(32)]
    for reader in crowd:
        reader.start()
    for reader in crowd:
        reader.join()
    assert got == [b"made"] * 32
    # It does not say which parameters it reads, so that each query is an answer of its own.
    assert len(front.made) == 4


def test_a_server_that_adds_headers_changes_no_other_answer(front, monkeypatch):
    now = time.time()
    monkeypatch.setattr(answers, "time", lambda: now)
    first = front.get("/news/")
    application = front.application
    front.application = lambda environ, start: application(
        environ, lambda status, headers: (headers.append(("Server", "x")), start(status, headers))
    )
    front.get("/news/"), front.get("/news/")
    front.application = application
    assert front.get("/news/") == first


@pytest.mark.parametrize("header", ["accept_encoding", "x_forwarded_proto", "host"])
def test_what_is_said_at_great_length_is_remembered_nowhere(front, header):
    front.get("/news/")
    known = set(answers._codings), set(front.application.hosts)
    front.get("/news/", **{header: "x" * 2_000})
    assert (set(answers._codings), set(front.application.hosts)) == known
