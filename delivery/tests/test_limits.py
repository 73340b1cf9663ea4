"""How often a client may ask, who it is, and where a request comes from: nothing that a client can write helps it."""

import threading

import pytest
from django.test import RequestFactory

from delivery import limits
from delivery.limits import Limit, client_address, network_around
from delivery.origins import origin_of


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    return now


def test_a_client_is_stopped_after_its_number_and_no_other_client(clock):
    limit = Limit(3, 60)
    assert [limit.allows("a") for _ in range(5)] == [True, True, True, False, False]
    assert limit.allows("b")


def test_the_number_comes_back_evenly_and_is_not_saved_up_beyond_it(clock):
    limit = Limit(3, 60)
    for _ in range(9):
        limit.allows("a")
    clock[0] += 19
    assert not limit.allows("a")
    clock[0] += 1.1
    assert [limit.allows("a"), limit.allows("a")] == [True, False]
    clock[0] += 100_000
    assert [limit.allows("a") for _ in range(4)] == [True, True, True, False]


def test_memory_is_bounded_and_the_busiest_client_is_not_forgotten(clock):
    limit = Limit(2, 60, clients=10)
    for number in range(1000):
        limit.allows(f"client {number}")
        limit.allows("busy")
    assert len(limit.left) == 10
    assert not limit.allows("busy")


def test_a_call_that_is_given_back_does_not_count_and_none_is_won(clock):
    limit = Limit(2, 60)
    for _ in range(5):
        assert limit.allows("a")
        limit.give_back("a")
    limit.give_back("a")
    limit.give_back("b")
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0.2.0/24"), ("2001:db8:1:2::/64", "2001:db8:1::/48"), ("", ""), ("a socket", "a socket")],
)
def test_the_network_around_a_client(address, network):
    assert network_around(address) == network


def test_threads_do_not_get_more_than_the_number():
    limit = Limit(500, 1_000_000)
    allowed = []
    threads = [threading.Thread(target=lambda: allowed.extend(limit.allows("a") for _ in range(200))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 500


@pytest.mark.parametrize(
    ("proxies", "direct", "forwarded", "address"),
    [
        (0, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (1, "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1", "1.1.1.1, 2.2.2.2, 198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1", "forged, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "10.0.0.1", "198.51.100.7", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "<script>\0", "10.0.0.1"),
        (1, "10.0.0.1", ", " * 50_000, "10.0.0.1"),
        (0, "", "198.51.100.7", ""),
        (0, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        (1, "10.0.0.1", "2001:DB8:1:2:bbbb::1", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)
def test_client_is_whom_the_trusted_proxies_name(settings, proxies, direct, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=direct, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({"origin": "http://testserver"}, "same"),
        ({"origin": "http://localhost"}, "same"),
        ({"origin": "https://testserver"}, "foreign"),
        ({"origin": "http://testserver.evil.example"}, "foreign"),
        ({"origin": "null"}, "foreign"),
        ({"origin": "http://testserver", "sec-fetch-site": "cross-site"}, "same"),
        ({"sec-fetch-site": "same-origin"}, "same"),
        ({"sec-fetch-site": "same-site"}, "foreign"),
        ({"sec-fetch-site": "none"}, "foreign"),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, "same"),
        ({}, "unknown"),
    ],
)
def test_origin_is_what_the_browser_says(headers, origin):
    assert origin_of(RequestFactory().post("/", headers=headers)) == origin
