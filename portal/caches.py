"""What CACHE_URL says, as Django's setting."""

import environ

# Seconds; where a cache hangs, pages are made without it.
WAITS = {"socket_connect_timeout": 1, "socket_timeout": 1}


def read(url, folder):
    """Return the caches by name: that of pages, and those that Wagtail asks without an answer to faults.

    Args:
        url: of the cache of pages, such as ``redis://host:6379/0?socket_timeout=3``; without one it is the folder.
        folder: where pages are kept else.
    """
    pages = environ.Env.cache_url_config(url) or {"BACKEND": "delivery.page_cache.folder.Folder", "LOCATION": folder}
    if pages["BACKEND"].endswith("RedisCache"):
        pages["OPTIONS"] = WAITS | pages.get("OPTIONS", {})
    # Wagtail keeps renditions by the file that an image had: one that comes back would find what was deleted meanwhile.
    renditions = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    return {"default": {"BACKEND": "delivery.brief_cache.BriefCache"}, "pages": pages, "renditions": renditions}
