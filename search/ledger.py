"""A file of lines that many processes write and one counts: no line is lost, and no reader waits.

A line is appended in one write under a shared lock. Who counts renames the file first; a process that had it open
before sees that it is no longer the one, and opens the new one.
"""

import fcntl
import logging
import os
import uuid
from contextlib import contextmanager, suppress

from django.conf import settings

logger = logging.getLogger("portal.search")
NAME = "searches"
# Where nothing counts them, the lines must not fill the disk.
MAX_BYTES = 20_000_000


def _path(ending):
    return settings.VAR_DIR / f"{NAME}.{ending}"


def write(line):
    """Append a line; none is written where it cannot be, or while too much waits to be counted."""
    try:
        while not _append(f"{line}\n".encode("utf-8", "replace")):
            # Renamed between the opening and the lock.
            continue
    except OSError:
        logger.warning("A search could not be written down", exc_info=True)


def _append(data):
    file = os.open(_path("log"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_SH)
        is_current = _is_current(file)
        if is_current and os.fstat(file).st_size < MAX_BYTES:
            os.write(file, data)
        return is_current
    finally:
        os.close(file)


def _is_current(file):
    """Return whether an open file still has the name, and was not renamed before the lock was had."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), os.stat(_path("log")))
    return False


@contextmanager
def closed_files():
    """Give the files that nobody writes any more, oldest first, to one process of this host at a time.

    Among them are those that a process left behind which died. Whoever counts one deletes it.
    """
    with open(_path("lock"), "a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield []
            return
        with suppress(FileNotFoundError):
            os.rename(_path("log"), _path(f"{uuid.uuid4().hex}.closed"))
        closed = sorted(settings.VAR_DIR.glob(f"{NAME}.*.closed"), key=lambda path: path.stat().st_mtime)
        for path in closed:
            _wait_for_writers(path)
        yield closed


def _wait_for_writers(path):
    """Wait for those who had the file open before it was renamed and write their line just now."""
    with open(path, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
