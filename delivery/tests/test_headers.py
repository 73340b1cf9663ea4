"""Health addresses and security headers."""

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import RequestFactory

from delivery import migrated
from delivery.middleware import HealthMiddleware
from tests.factories import body_of, every_block, make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_answered_for_any_host(client, address):
    response = client.get(address, headers={"host": "not-allowed.example"})
    assert response.status_code == 200
    assert response.content == b"ok\n"


def ready(middleware):
    return middleware(RequestFactory().get("/readyz")).status_code


def test_ready_is_what_has_all_migrations_of_this_version(django_assert_num_queries):
    middleware = HealthMiddleware(None)
    recorded = MigrationRecorder.Migration.objects.filter(app="delivery").order_by("name")
    last = recorded.last()
    last.delete()
    assert ready(middleware) == 503
    MigrationRecorder.Migration.objects.create(app="delivery", name=last.name)
    MigrationRecorder.Migration.objects.create(app="delivery", name="9999_of_a_newer_version")
    assert ready(middleware) == 200
    with django_assert_num_queries(1):
        assert ready(middleware) == 200


def test_the_migrations_on_the_disk_are_those_that_django_finds():
    names = {(app.label, name) for app in apps.get_app_configs() for name in migrated.on_disk(app.label)}
    assert names == set(MigrationLoader(None).disk_migrations)


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


def test_a_page_takes_what_readers_send_and_nothing_else(client, site):
    make_article(site, "Response")
    for address in ("/", "/news/", "/news/response/", "/contact/"):
        assert client.options(address)["Allow"] == "GET, HEAD, OPTIONS"
        assert client.delete(address).status_code == 405
        assert client.get(address).status_code == 200
