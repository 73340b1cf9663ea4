"""Health addresses and security headers."""

import pytest

from tests.factories import body_of, every_block, make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_answered_for_any_host(client, address):
    response = client.get(address, headers={"host": "not-allowed.example"})
    assert response.status_code == 200
    assert response.content == b"ok\n"


def test_other_addresses_refuse_an_unknown_host(client, site):
    assert client.get("/", headers={"host": "not-allowed.example"}).status_code == 400


def test_readers_policy_allows_nothing_inline_and_nothing_from_elsewhere(client, site):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_only_a_page_with_a_video_names_its_provider(client, site):
    make_article(site, "Film", body=body_of(every_block(site)))
    assert "frame-src 'self' https://player.vimeo.com" in client.get("/news/film/").headers["Content-Security-Policy"]
    assert "vimeo" not in client.get("/news/").headers["Content-Security-Policy"]
