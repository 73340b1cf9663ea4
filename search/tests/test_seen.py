"""What a page says of a search is written down in a file, quickly, and with nothing of who asked."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from delivery import limits
from search import ledger, report
from search.models import CountedFile, SearchCount
from search.tests.searches import lines, rows
from search.views import seen

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("same_day")]
SAME = {"origin": "http://testserver"}
ADDRESS = "/search/seen/"


def test_searches_and_clicks_are_counted_by_day_language_and_words(client, site, own_ledger):
    for fields in ({"q": " Clinical  TRIALS ", "total": 12, "page": 1}, {"q": "clinical trials", "total": 0}):
        response = client.post(ADDRESS, fields, headers=SAME)
        assert (response.status_code, response.content) == (204, b"")
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies
    for rank in (1, 4):
        client.post(ADDRESS, {"q": "clinical trials", "rank": rank}, headers=SAME)
    client.post("/cy" + ADDRESS, {"q": "Caffi Gŵyl", "total": 1}, headers={"sec-fetch-site": "same-origin"})
    assert report.count() == 5
    assert rows() == [("cy", "caffi gŵyl", 1, 0, 0, 0), ("en", "clinical trials", 2, 1, 2, 5)]
    assert SearchCount.objects.first().day == timezone.localdate()
    assert report.count() == 0
    assert not lines(own_ledger)
    assert not CountedFile.objects.exists()
    client.post(ADDRESS, {"q": "clinical trials", "total": 3}, headers=SAME)
    report.count()
    assert rows()[1] == ("en", "clinical trials", 3, 1, 2, 5)


def test_reader_waits_for_no_database(client, site, own_ledger, django_assert_num_queries):
    client.post(ADDRESS, {}, headers=SAME)
    with django_assert_num_queries(0):
        client.post(ADDRESS, {"q": "trial", "total": 1}, headers=SAME)
        client.post(ADDRESS, {"q": "trial", "total": 1}, headers={"origin": "https://evil.example"})
    assert len(lines(own_ledger)) == 1


def test_line_holds_nothing_of_who_asked(client, own_ledger):
    client.post(
        ADDRESS,
        {"q": "trial", "total": 1},
        headers=SAME | {"user-agent": "Somebody's browser", "x-forwarded-for": "198.51.100.7"},
        REMOTE_ADDR="192.0.2.1",
    )
    today = timezone.localdate().isoformat()
    assert lines(own_ledger) == [[today, "en", "trial", {"searches": 1, "empty": 0}]]
    assert oct(next(own_ledger.glob("*.log")).stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize(
    ("typed", "is_kept"),
    [
        ("annual report 2021-2022", True),
        ("2019–2020 2021", True),
        ("covid 19", True),
        ("phase 3 trial", True),
        ("x" * 100, True),
        ("jo@example.org", False),
        ("jo＠example.org", False),
        ("order 123456", False),
        ("٠١٢٣٤٥٦", False),
        ("call 020 7946 0018", False),
        ("(01865) 279-528", False),
        ("+44 20 79 46 00", False),
        ("12/05/1980", False),
        ("x" * 101, False),
        ("word " * 2_000, False),
    ],
)
def test_words_that_look_personal_are_written_down_nowhere(client, own_ledger, typed, is_kept):
    client.post(ADDRESS, {"q": typed, "total": 0}, headers=SAME)
    if len(typed) > seen.MAX_BYTES:
        assert not lines(own_ledger)
        return
    assert [line[2] for line in lines(own_ledger)] == [typed if is_kept else ""]
    report.count()
    assert [row[2:4] for row in rows()] == [(1, 1)]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"q": "trial"},
        {"q": "", "total": "1"},
        {"q": " \0\u200f ", "total": "1"},
        {"q": "trial", "total": "-1"},
        {"q": "trial", "total": "many"},
        {"q": "trial", "total": "٣"},
        {"q": "trial", "total": "9" * 5_000},
        {"q": "trial", "rank": "0"},
        {"q": "trial", "rank": "1001"},
        {"q": "trial", "rank": "1e3"},
        {"q": "trial", "total": "1", "page": "2"},
        {"q": "x" * 100_000, "total": "1"},
    ],
)
def test_nonsense_and_later_pages_count_nothing_and_are_answered_alike(client, own_ledger, fields):
    assert client.post(ADDRESS, fields, headers=SAME).status_code == 204
    assert not lines(own_ledger)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"q=%00%ED%A0%80%FF%C3trial&total=1", "application/x-www-form-urlencoded"),
        (b"q=" + "\u202etrial\u2066".encode() + b"&total=1", "application/x-www-form-urlencoded"),
        ("q=trial\ud800&total=1".encode("utf-8", "surrogatepass"), "application/x-www-form-urlencoded"),
        (b"q=trial&total=1" + b"&a=1" * 900, "application/x-www-form-urlencoded"),
        (b'["trial"]', "application/json"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"q=trial&total=1", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"\xff" * 4_000, "application/x-www-form-urlencoded"),
    ],
)
def test_hostile_bodies_are_no_fault_and_what_is_kept_can_be_stored(client, own_ledger, body, kind):
    response = client.generic("POST", ADDRESS, body, content_type=kind, headers=SAME)
    assert response.status_code == 204
    report.count()
    assert all("trial" in query or not query or "\ufffd" in query for _language, query, *_counts in rows())


def test_size_is_looked_at_before_reading(rf, own_ledger):
    class Unread:
        def read(self, *args):
            raise AssertionError("read")

    for length in ("100000", "-1", "many", "9" * 50):
        request = rf.post(ADDRESS, headers=SAME)
        request.META |= {"CONTENT_LENGTH": length, "wsgi.input": Unread()}
        request._stream = Unread()
        assert seen.seen(request).status_code == 204


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_only_our_own_pages_are_listened_to(client, own_ledger, headers):
    assert client.post(ADDRESS, {"q": "trial", "total": 1}, headers=headers).status_code == 403
    assert client.get(ADDRESS).status_code == 405
    assert not lines(own_ledger)


def test_one_client_is_counted_so_often_whatever_it_writes_in_headers(client, own_ledger, settings, monkeypatch):
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: 1000.0))
    settings.TRUSTED_PROXY_COUNT = 1
    for number in range(seen.LIMIT.count + 20):
        forged = f"203.0.113.{number % 250}, 198.51.100.7"
        response = client.post(ADDRESS, {"q": "trial", "total": 1}, headers=SAME | {"x-forwarded-for": forged})
        assert response.status_code == 204
    assert len(lines(own_ledger)) == seen.LIMIT.count
    client.post(ADDRESS, {"q": "other", "total": 1}, headers=SAME | {"x-forwarded-for": "198.51.100.8"})
    assert lines(own_ledger)[-1][2] == "other"


def test_full_disk_is_no_fault_of_the_reader(client, own_ledger, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger.os, "write", full)
    assert client.post(ADDRESS, {"q": "trial", "total": 1}, headers=SAME).status_code == 204
