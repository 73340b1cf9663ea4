"""The content generation: one number that changes when anything that a reader can see changes.

The truth is a table to which every change adds a row, in its own transaction: two publications never wait for
each other, and whichever commits later still changes what the table says. After the commit the number is put
into a small memory-mapped file, which every process of this host reads in a fraction of a microsecond. The table
is read again at most once a second, so that other hosts, and a process killed between the commit and the file,
are never behind for longer than that.
"""

import fcntl
import itertools
import mmap
import struct
import threading
import time
from collections import OrderedDict
from functools import wraps

from django.conf import settings
from django.db import connection, models, transaction

POLL_SECONDS = 1.0
KEPT_CHANGES = 1_000
CACHE_ENTRIES = 2_000

_NUMBER = struct.Struct("<q")
_uncommitted_ids = itertools.count(1)
_state = threading.local()


class _Shared:
    """The memory-mapped number of this host, opened on first use in each process."""

    def __init__(self):
        self.map = None
        self.file = None
        self.next_poll = 0.0
        self.lock = threading.Lock()

    def read(self):
        if self.map is None:
            self.open()
        return _NUMBER.unpack_from(self.map)[0]

    def open(self):
        with self.lock:
            if self.map is None:
                self.file = open(settings.VAR_DIR / "generation", "a+b")  # noqa: SIM115 - open as long as the process
                if self.file.tell() < _NUMBER.size:
                    self.file.write(b"\0" * _NUMBER.size)
                    self.file.flush()
                self.map = mmap.mmap(self.file.fileno(), _NUMBER.size)

    def follow(self):
        """Put into the file what the table says; locked, so that an older answer never overwrites a newer one."""
        self.read()
        with self.lock:
            fcntl.lockf(self.file, fcntl.LOCK_EX)
            try:
                _NUMBER.pack_into(self.map, 0, table_number())
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN)

    def poll(self):
        now = time.monotonic()
        if now >= self.next_poll and not connection.needs_rollback:
            self.next_poll = now + POLL_SECONDS
            if table_number() != self.read():
                self.follow()


_shared = _Shared()


def table_number():
    """Return the number that the table stands for, made of its newest row and its count: their order is no matter."""
    from delivery.models import Change

    found = Change.objects.aggregate(newest=models.Max("pk"), count=models.Count("pk"))
    return (found["newest"] or 0) * KEPT_CHANGES * 4 + found["count"]


def current():
    """Return the key of what this thread sees now: the generation, and its own uncommitted change if any."""
    pending = getattr(_state, "pending", 0)
    if pending and not connection.in_atomic_block:
        # The transaction is over, either way.
        pending = _state.pending = 0
    if not pending:
        _shared.poll()
    return (_shared.read(), pending)


def bump():
    """Start a new generation: at once for this transaction, for everybody when it commits."""
    from delivery.models import Change

    with transaction.atomic():
        change = Change.objects.create()
        if change.pk % KEPT_CHANGES == 0:
            Change.objects.filter(pk__lte=change.pk - KEPT_CHANGES).delete()
        _state.pending = next(_uncommitted_ids)
        transaction.on_commit(_committed)


def _committed():
    _state.pending = 0
    _shared.follow()


def forget():
    """Drop what this process remembers (tests, which roll back instead of committing)."""
    _state.pending = next(_uncommitted_ids)
    _shared.next_poll = 0.0
    _memory.clear()


class _Memory(OrderedDict):
    """A bounded store of computed values, oldest out first."""

    def keep(self, key, value):
        self[key] = value
        while len(self) > CACHE_ENTRIES:
            try:
                self.popitem(last=False)
            except KeyError:
                break


_memory = _Memory()


def per_generation(function):
    """Remember a function's results in this process until the content changes.

    Arguments of the function must be hashable, and it must not depend on anything else but the content.
    """

    @wraps(function)
    def remembered(*args):
        key = (function.__module__, function.__qualname__, args, current())
        try:
            return _memory[key]
        except KeyError:
            value = function(*args)
            _memory.keep(key, value)
            return value

    return remembered
