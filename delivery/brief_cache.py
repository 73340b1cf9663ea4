"""The memory in which Wagtail keeps what it looks up many times for one page of the admin."""

import time

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

MOST_SECONDS = 1


class BriefCache(LocMemCache):
    """Django's cache in the memory of a process, which forgets everything after a second.

    Wagtail keeps where the sites begin for an hour, and where that changes it clears the cache of its own process only:
    https://github.com/wagtail/wagtail/blob/v8.0.1/wagtail/models/sites.py#L220
    """

    def get_backend_timeout(self, timeout=DEFAULT_TIMEOUT):
        ends, most = super().get_backend_timeout(timeout), time.time() + MOST_SECONDS
        return most if ends is None else min(ends, most)
