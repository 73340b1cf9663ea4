"""What every test starts from: a fresh view of the content, and files of its own."""

import pytest
from django.core.cache import cache

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
