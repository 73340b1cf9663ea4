"""No question takes the database longer than a second."""

import time
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

SECONDS = 1.0
STEPS = 10_000


class TookTooLong(Exception):
    """A question was ended because it took longer than the database may be used for it."""


@contextmanager
def deadline(seconds=None):
    """End the database's work in this block after some seconds.

    Args:
        seconds: how long all of it may take (SQLite) or each statement (PostgreSQL).

    Raises:
        TookTooLong: when it did.
    """
    seconds = SECONDS if seconds is None else seconds
    began = time.monotonic()
    try:
        with _postgresql(seconds) if connection.vendor == "postgresql" else _sqlite(began + seconds):
            yield
    except OperationalError as error:
        if time.monotonic() - began < seconds:
            raise
        raise TookTooLong from error


@contextmanager
def _sqlite(end):
    connection.ensure_connection()
    raw = connection.connection
    raw.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


@contextmanager
def _postgresql(seconds):
    is_inside = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(round(seconds * 1000))])
        yield
        if is_inside:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', '0', true)")
