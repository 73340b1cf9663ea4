"""What every test starts from: a fresh view of the content, and files of its own."""

from copy import deepcopy

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone, translation
from pytest_django.plugin import blocking_manager_key

from delivery import generation, tries
from newsletter.views import signup
from portal import catalogues
from search.views import results, seen
from tests import migrated

LIMITS = (signup.LIMIT, results.SUGGESTIONS, seen.LIMIT, *tries.LIMITS)


def pytest_configure(config):
    catalogues.compile_all()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the tests that take minutes; at the end one processor would wait for the other."""
    long = ("processes", "browser")
    # Those that share a site come last in their file: the others are to find none.
    items.sort(
        key=lambda item: [*(item.get_closest_marker(name) is None for name in long), "shared" in item.fixturenames]
    )


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


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings):
    """Begin with a copy of a migrated database: the migrations take half a minute."""
    if connection.vendor != "sqlite":
        return False
    migrated.copy(connection.creation._get_test_db_name())
    return True


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def forget():
    """Begin anew: what rolls back never commits, so what this process remembers is dropped by hand."""
    translation.activate(settings.LANGUAGE_CODE)
    generation.forget()
    cache.clear()


@pytest.fixture(autouse=True)
def fresh_content():
    forget()
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
def new_site(db):
    """A small site in English, Welsh and Arabic, for a test with real transactions."""
    from tests.factories import make_site

    return make_site()


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker):
    """The small site of all tests of a module, in a transaction around theirs: making one takes 1,100 queries."""
    from tests.factories import make_site

    forget()
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        made = make_site()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def site(request, shared, db):
    """A small site in English, Welsh and Arabic."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        pytest.fail("A test with real transactions asks for new_site")
    return deepcopy(shared)
