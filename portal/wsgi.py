"""The WSGI application that any Python web server can load: the page cache in front of Django."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application


def with_page_cache(site):
    """Return the application that readers ask. What it is made of reads the settings, so Django comes first."""
    from delivery import generation, maintenance
    from delivery.editors_apart import EditorsApart
    from delivery.page_cache import PageCache
    from delivery.watching import Watcher
    from portal import schedule

    if settings.EDITORS_SOCKET:
        site = EditorsApart(site, settings.EDITORS_SOCKET)
    return PageCache(site, Watcher(maintenance.follow, generation.poll, schedule.step_in))


def keep_for_good():
    """Take what is loaded out of the garbage collector's way, which stops all threads while it looks through it."""
    # Otherwise the first request would load them.
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = with_page_cache(get_wsgi_application())
keep_for_good()
