"""What stands between Portal and its readers and keeps pages itself: it is emptied when the content changes.

Pages are asked for again anyway, and answered from memory, so it is emptied whole: which pages a change reaches is
what the generation spares everybody from knowing. Readers' browsers keep nothing unasked.
"""

import time

from django.conf import settings
from wagtail.contrib.frontend_cache.utils import get_backends

from delivery import generation

# By then the other hosts have seen the change too: what was fetched from them in between goes as well.
AGAIN_AFTER_SECONDS = 3
EVERYTHING = "/*"


class Follower:
    """Empties the front caches that WAGTAILFRONTENDCACHE names, when the generation has moved."""

    def __init__(self):
        self.seen = None
        self.again_at = None

    def look(self):
        """Look once; call it again and again from one process of an installation."""
        generation.poll()
        shown, now = generation.shown(), time.monotonic()
        if shown != self.seen:
            empty()
            self.seen, self.again_at = shown, now + AGAIN_AFTER_SECONDS
        elif self.again_at and now >= self.again_at:
            self.again_at = None
            empty()


def empty():
    """Have every front cache forget all pages of this site; one that does not answer is logged by Wagtail."""
    for backend in get_backends().values():
        backend.purge_batch([f"{settings.PUBLIC_URL}{EVERYTHING}"])
