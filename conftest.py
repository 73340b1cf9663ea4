"""What every test starts from: a fresh view of the content, and files of its own."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from delivery import generation
from portal import catalogues


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
    yield
    generation.forget()


@pytest.fixture
def site(db):
    """A small site in English, Welsh and Arabic."""
    from tests.factories import make_site

    generation.forget()
    return make_site()
