"""What CACHE_URL says, as Django's setting."""

import environ

from portal import addresses
from portal.environment import Refused

# Seconds; where a cache hangs, pages are made without it.
WAITS = {"socket_connect_timeout": 1, "socket_timeout": 1}


def read(url, folder):
    """Return the caches by name: that of pages, and those that Wagtail asks without an answer to faults.

    Args:
        url: of the cache of pages, such as ``redis://host:6379/0?socket_timeout=3``; without one it is the folder.
        folder: where pages are kept else.

    Raises:
        Refused: the address names no Redis.
    """
    pages = _redis(url) if url else {"BACKEND": "delivery.page_cache.folder.Folder", "LOCATION": folder}
    # Wagtail keeps renditions by the file that an image had: one that comes back would find what was deleted meanwhile.
    renditions = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    return {"default": {"BACKEND": "delivery.brief_cache.BriefCache"}, "pages": pages, "renditions": renditions}


def _redis(url):
    # With three slashes it is the socket of a Redis on this host.
    if addresses.split(url, "redis", "rediss") is None and not url.startswith("redis:///"):
        raise Refused(
            "CACHE_URL", "must be such as redis://host:6379/0, with special characters of a password as in %40."
        )
    found = environ.Env.cache_url_config(url)
    return found | {"OPTIONS": WAITS | found.get("OPTIONS", {})}
