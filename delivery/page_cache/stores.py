"""Where kept answers are: in the memory of each process, and in a cache that processes and hosts share."""

import fcntl
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from contextlib import contextmanager
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.cache import caches

from delivery import generation
from delivery.page_cache.answers import Kept

logger = logging.getLogger("portal.page_cache")
# How long one request waits for another one that makes the same answer.
MOST_WAIT = 10
KEPT_SECONDS = 86_400
# After a fault of the shared cache, so long nobody waits for it.
REST_SECONDS = 5
NAMES_SIZE = 500


def narrowed(query, names):
    """Return what of a query string an answer depends on: all of it, or the last values of these parameters."""
    if not query or names is None:
        return query
    values = dict(parse_qsl(query, keep_blank_values=True))
    return tuple((name, values[name]) for name in names if name in values) or ""


class Memory:
    """The answers of the generation that is shown, in this process; what was not asked for longest goes first.

    Args:
        most_bytes: their size at most.
    """

    def __init__(self, most_bytes):
        self.most_bytes = most_bytes
        self.lock = threading.Lock()
        self.clear(None)

    def clear(self, shown):
        # What is shown comes last: a thread that looks in between finds nothing, and nothing old.
        self.items, self.bytes, self.shown = OrderedDict(), 0, shown

    def names(self, shown, place):
        """Return (the parameters that matter there, or None for all,) or None where no answer has told them yet."""
        return self.items.get(place) if shown == self.shown else None

    def find(self, shown, place, query):
        if shown != self.shown:
            return None
        items = self.items
        try:
            names = items[place]
            key = (place, narrowed(query, *names) if query else "")
            found = items[key]
            items.move_to_end(place)
            items.move_to_end(key)
        except (KeyError, ValueError):
            # Not here, gone a moment ago, or a query that cannot be read.
            return None
        return found

    def keep(self, shown, place, query, kept):
        with self.lock:
            if shown != self.shown:
                if shown != generation.shown():
                    return
                self.clear(shown)
            names = kept.parameters
            self.put(place, (names,), NAMES_SIZE)
            self.put((place, narrowed(query, names)), kept, kept.size)
            while self.bytes > self.most_bytes:
                _key, item = self.items.popitem(last=False)
                self.bytes -= getattr(item, "size", NAMES_SIZE)

    def put(self, key, item, size):
        before = self.items.pop(key, None)
        self.bytes += size - (getattr(before, "size", NAMES_SIZE) if before else 0)
        self.items[key] = item


class Flights:
    """Of the requests that ask for the same at once, one makes the answer and the others wait for it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.flying = {}
        self.file = None

    @contextmanager
    def first(self, key):
        """Yield whether this thread is the first with this key; the others get here when the first one has done it."""
        with self.lock:
            done = self.flying.get(key)
            is_first = done is None
            if is_first:
                done = self.flying[key] = threading.Event()
        if not is_first:
            done.wait(MOST_WAIT)
            yield False
            return
        try:
            yield True
        finally:
            del self.flying[key]
            done.set()

    @contextmanager
    def alone_on_host(self, key):
        """Hold off the other processes of this host, which want to make the same; not for ever."""
        with self.lock:
            # Once: whoever closes another file of the same name drops all the locks of this process on it.
            if self.file is None:
                self.file = open(settings.VAR_DIR / "pages.lock", "ab")  # noqa: SIM115 - open as long as the process
        byte = int.from_bytes(hashlib.sha256(repr(key).encode()).digest()[:4], "big")
        give_up = time.monotonic() + MOST_WAIT
        while not self.is_locked(byte) and time.monotonic() < give_up:
            time.sleep(0.002)
        try:
            yield
        finally:
            fcntl.lockf(self.file, fcntl.LOCK_UN, 1, byte)

    def is_locked(self, byte):
        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except OSError:
            return False
        return True


class Shared:
    """The cache "pages": a folder of this host, or what CACHE_URL names. Without it, every process makes its own."""

    def __init__(self):
        self.away_until = 0.0

    def names(self, shown, place):
        """Return as ``Memory.names``."""
        return self.asked("get", (shown, place))

    def find(self, shown, place, query):
        """Return the ``Kept`` answer, or None."""
        names = self.names(shown, place)
        values = self.asked("get", (shown, place, narrowed(query, *names))) if names else None
        return Kept(*values) if values else None

    def keep(self, shown, place, query, kept):
        """Keep an answer, but for one to what a reader typed: that is written down nowhere."""
        names = kept.parameters
        if query and names is None:
            return
        self.asked("set", (shown, place, narrowed(query, names)), (kept.headers, kept.bodies, kept.made_at))
        self.asked("set", (shown, place), (names,))

    def asked(self, what, key, *values):
        if time.monotonic() < self.away_until:
            return None
        try:
            name = hashlib.sha256(repr(key).encode()).hexdigest()
            return getattr(caches["pages"], what)(name, *values, **({"timeout": KEPT_SECONDS} if values else {}))
        except Exception:
            # Every cache has faults of its own, and none is a reader's.
            self.away_until = time.monotonic() + REST_SECONDS
            logger.warning("The shared cache of pages does not answer; pages are made without it", exc_info=True)
            return None
