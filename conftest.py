"""What every test starts from: a fresh view of the content, and files of its own."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone, translation
from pytest_django.plugin import blocking_manager_key

from delivery import generation
from newsletter.views import signup
from portal import catalogues
from search.views import results, seen

LIMITS = (signup.LIMIT, results.SUGGESTIONS, seen.LIMIT)


def pytest_configure(config):
    catalogues.compile_all()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the tests that take minutes; at the end one processor would wait for the other."""
    long = ("processes", "browser")
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in long])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test with real transactions leaves every table empty: bring back what the migrations made."""
    result = yield
    marker = item.get_closest_marker("django_db")
    if nextitem and marker and marker.kwargs.get("serialized_rollback"):
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
        generation.forget()
    return result


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def fresh_content():
    """A test that rolls back never commits, so what this process remembers is dropped by hand."""
    translation.activate(settings.LANGUAGE_CODE)
    generation.forget()
    cache.clear()
    for limit in LIMITS:
        limit.forget()
    yield
    generation.forget()


@pytest.fixture
def same_day(monkeypatch):
    """The day does not end while a test runs that is about one."""
    real, today = timezone.localdate, timezone.localdate()
    monkeypatch.setattr(timezone, "localdate", lambda value=None, *args: real(value, *args) if value else today)


@pytest.fixture
def site(db):
    """A small site in English, Welsh and Arabic."""
    from tests.factories import make_site

    generation.forget()
    return make_site()
