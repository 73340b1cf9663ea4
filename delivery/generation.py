"""The content generation: one number that changes when anything that a reader can see changes.

The truth is a table to which every change adds a row, in its own transaction: two publications never wait for
each other, and whichever commits later still changes what the table says. After the commit the number is put
into a small memory-mapped file, which every process of this host reads in a fraction of a microsecond. The table
is read again twice a second at most, so that other hosts, and a process killed between the commit and the file,
are never behind for longer than that. Beside the number stands when it ends by itself (``delivery.due``).
"""

import fcntl
import itertools
import math
import mmap
import struct
import threading
import time
from functools import wraps

from django.conf import settings
from django.db import connection, models, transaction

from delivery.bounded import Bounded

POLL_SECONDS = 0.5
KEPT_CHANGES = 1_000
CACHE_ENTRIES = 2_000

# The number, when it ends (seconds since 1970), how many live things are past their end; whether readers are sent away.
_RECORD, _AWAY = struct.Struct("<qdq"), struct.Struct("<q")
_WHOLE = struct.Struct("<qdqq")
_uncommitted_ids = itertools.count(1)
_state = threading.local()


class _Shared:
    """The memory-mapped record of this host, opened on first use in each process."""

    def __init__(self):
        self.map = None
        self.file = None
        self.next_poll = 0.0
        self.is_known = False
        self.lock = threading.Lock()
        # The bytes that were read last, and what they say.
        self.last = b"", None

    def read(self):
        if self.map is None:
            self.open()
        found = self.map[:]
        known, said = self.last
        if found != known:
            said = _WHOLE.unpack(found)
            self.last = found, said
        return said

    def open(self):
        with self.lock:
            if self.map is None:
                self.file = open(settings.VAR_DIR / "generation", "a+b")  # noqa: SIM115 - open as long as the process
                if self.file.tell() < _WHOLE.size:
                    self.file.truncate(_WHOLE.size)
                self.map = mmap.mmap(self.file.fileno(), _WHOLE.size)

    def set_away(self, is_away):
        self.read()
        _AWAY.pack_into(self.map, _RECORD.size, is_away)

    def follow(self):
        """Put into the file what the tables say; locked, so that an older answer never overwrites a newer one."""
        from delivery import due

        self.read()
        with self.lock:
            fcntl.lockf(self.file, fcntl.LOCK_EX)
            try:
                number = table_number()
                _RECORD.pack_into(self.map, 0, number, *due.outlook())
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN)

    def poll(self):
        now = time.monotonic()
        if now >= self.next_poll and not connection.needs_rollback:
            self.next_poll = now + POLL_SECONDS
            number, ends, _overdue, _is_away = self.read()
            if table_number() != number or time.time() >= ends:
                self.follow()
            self.is_known = True


_shared = _Shared()


def table_number():
    """Return the number that the table stands for, the sum of its rows' marks: their order is no matter."""
    from delivery.models import Change

    return Change.objects.aggregate(sum=models.Sum("mark"))["sum"] or 0


def shown():
    """Return the key of what readers of this host see now, without asking the database for anything.

    None where this process has not asked it yet, as the file may be older than what other hosts have done since; and
    while readers are sent away.
    """
    if not _shared.is_known:
        return None
    number, ends, overdue, is_away = _shared.read()
    return None if is_away else (number, ends, overdue, time.time() >= ends)


def send_away(is_away):
    """Say whether readers of this host are sent away (``delivery.maintenance``): then nothing that is kept is given."""
    if _shared.read()[-1] != is_away:
        _shared.set_away(is_away)


def _seen():
    number, ends, overdue, _is_away = _shared.read()
    return number, ends, overdue, time.time() >= ends


def current():
    """Return the key of what this thread sees now: what is shown, and its own uncommitted change if any."""
    pending = getattr(_state, "pending", 0)
    if pending and not connection.in_atomic_block:
        # The transaction is over, either way.
        pending = _state.pending = 0
    if not pending:
        _shared.poll()
    return (*_seen(), pending)


def poll():
    """Look whether another host, or the clock, has ended the generation; twice a second at most."""
    _shared.poll()


def has_overdue():
    """Return whether something live is past its end and its expiry has not been done yet."""
    _number, _ends, overdue, is_over = _seen()
    return bool(overdue) or is_over


def bump():
    """Start a new generation: at once for this transaction, for everybody when it commits."""
    from delivery.models import Change

    with transaction.atomic():
        change = Change.objects.create()
        if change.pk % KEPT_CHANGES == 0:
            Change.objects.filter(pk__lte=change.pk - KEPT_CHANGES).delete()
        _state.pending = next(_uncommitted_ids)
        _state.is_behind = True
        transaction.on_commit(_committed)


def _committed():
    _state.pending = 0
    # Once for all the changes of a transaction.
    if _state.is_behind:
        _state.is_behind = False
        _shared.follow()


def forget():
    """Drop what this process remembers (tests, which roll back instead of committing: nothing ends that never was)."""
    _state.pending = next(_uncommitted_ids)
    _shared.set_away(False)
    # No number that a table stands for: who polls asks for all of it again.
    _RECORD.pack_into(_shared.map, 0, -1, math.inf, 0)
    _shared.next_poll = 0.0
    _memory.clear()


_memory = Bounded(CACHE_ENTRIES)


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
            return _memory.keep(key, function(*args))

    return remembered
