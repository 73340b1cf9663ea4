"""What every test starts from: a fresh view of the content, and files of its own."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from delivery import generation
from portal import catalogues


def pytest_configure(config):
    catalogues.compile_all()


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
def put_back(django_db_setup, django_db_blocker):
    """Tests with real transactions end by emptying every table: bring back what the migrations made."""
    beginning = connection._test_serialized_contents
    yield
    with django_db_blocker.unblock():
        connection.creation.deserialize_db_from_string(beginning)
    generation.forget()


@pytest.fixture
def committing(put_back, transactional_db):
    """Let a test commit; asked for in this order, the tables are emptied before they are filled again."""


@pytest.fixture
def site(db):
    """A small site in English, Welsh and Arabic."""
    from tests.factories import make_site

    generation.forget()
    return make_site()
