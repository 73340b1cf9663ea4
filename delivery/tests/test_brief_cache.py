"""What Wagtail keeps is never older than a second, whatever another process has changed meanwhile."""

import time

import pytest
from django.core.cache import cache
from wagtail.models import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(monkeypatch):
    """Time stands still, but for the seconds that a test lets go by."""
    began = time.time()
    monkeypatch.setattr(time, "time", lambda: began)
    return lambda seconds: monkeypatch.setattr(time, "time", lambda: began + seconds)


def test_where_the_site_begins_is_known_a_second_after_another_process_changed_it(site, later):
    before = Site.get_site_root_paths()
    # It sends no signal, and none comes from another process.
    Site.objects.update(hostname="elsewhere.example")
    assert Site.get_site_root_paths() == before
    later(1.1)
    assert "elsewhere.example" in Site.get_site_root_paths()[0].root_url


@pytest.mark.parametrize("timeout", [None, 3600])
def test_nothing_is_kept_longer(later, timeout):
    cache.set("name", "value", timeout)
    assert cache.get("name") == "value"
    later(1.1)
    assert cache.get("name") is None


def test_what_is_kept_for_no_time_is_not_kept():
    cache.set("name", "value", 0)
    assert cache.get("name") is None
