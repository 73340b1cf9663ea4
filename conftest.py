"""What every test starts from: a fresh view of the content, and files of its own."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from wagtail.models import Page

from delivery import generation
from portal import catalogues


def pytest_configure(config):
    catalogues.compile_all()


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def fresh_content(request, django_db_blocker):
    """A test that rolls back never commits, so what this process remembers is dropped by hand."""
    translation.activate(settings.LANGUAGE_CODE)
    generation.forget()
    cache.clear()
    yield
    generation.forget()
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        # Such a test leaves an empty database; the others start from what the migrations made.
        with django_db_blocker.unblock():
            if not Page.objects.exists():
                connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


@pytest.fixture
def site(db):
    """A small site in English, Welsh and Arabic."""
    from tests.factories import make_site

    generation.forget()
    return make_site()
