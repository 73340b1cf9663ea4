"""The content generation: one number that changes when anything that a reader can see changes.

The truth is a database row, written in the transaction of the change. After the commit the number is also
put into a small memory-mapped file, which every process of this host reads in a fraction of a microsecond.
The row is read again at most once a second, so that other hosts, and a process killed between the commit
and the file, are never behind for longer than that.
"""

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
CACHE_ENTRIES = 2_000

_NUMBER = struct.Struct("<q")
_uncommitted_ids = itertools.count(1)
_state = threading.local()


class _Shared:
    """The memory-mapped number of this host, opened on first use in each process."""

    def __init__(self):
        self.map = None
        self.next_poll = 0.0
        self.lock = threading.Lock()

    def open(self):
        path = settings.VAR_DIR / "generation"
        with self.lock:
            if self.map is None:
                with open(path, "a+b") as file:
                    if file.tell() < _NUMBER.size:
                        file.write(b"\0" * _NUMBER.size)
                        file.flush()
                    self.map = mmap.mmap(file.fileno(), _NUMBER.size)
        return self.map

    def read(self):
        return _NUMBER.unpack_from(self.map or self.open())[0]

    def raise_to(self, number):
        if number > self.read():
            _NUMBER.pack_into(self.map, 0, number)

    def poll(self):
        """Follow the row, whichever way it differs (a restored backup counts backwards)."""
        now = time.monotonic()
        if now < self.next_poll or connection.needs_rollback:
            return
        self.next_poll = now + POLL_SECONDS
        number = _row_number()
        if number != self.read():
            _NUMBER.pack_into(self.map, 0, number)


_shared = _Shared()


def _row_number():
    from delivery.models import Generation

    return Generation.objects.filter(pk=1).values_list("number", flat=True).first() or 0


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
    from delivery.models import Generation

    with transaction.atomic():
        if not Generation.objects.filter(pk=1).update(number=models.F("number") + 1):
            Generation.objects.get_or_create(pk=1, defaults={"number": _shared.read() + 1})
        number = _row_number()
        _state.pending = next(_uncommitted_ids)
        transaction.on_commit(lambda: _committed(number))


def _committed(number):
    _state.pending = 0
    _shared.raise_to(number)


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
