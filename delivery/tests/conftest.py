"""What the tests of the page cache share."""

import pytest

from tests.front import Front


@pytest.fixture
def fresh_front(settings, tmp_path):
    """Return a function that gives a page cache with nothing in it, as each order of readers needs one."""
    made = []

    def front(site=None):
        folder = tmp_path / f"pages{len(made)}"
        cache = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": folder}
        settings.CACHES = {**settings.CACHES, "pages": cache}
        made.append(Front(site))
        return made[-1]

    return front
