"""Whether another process is in the middle of writing."""

import time

from django.db import OperationalError, connection, transaction

# A reader's query is over by then; a transaction whose process was stopped is not.
LOOKS, SECONDS = 20, 0.01
IN_TRANSACTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend' AND state <> 'idle'"
)


def is_writable():
    """Return whether the database takes any write now: nobody holds SQLite's lock, or a row of PostgreSQL's."""
    return is_nobody_in_a_transaction() if connection.vendor == "postgresql" else is_unlocked()


def is_nobody_in_a_transaction():
    for _look in range(LOOKS):
        with connection.cursor() as cursor:
            cursor.execute(IN_TRANSACTIONS)
            if cursor.fetchone() == (0,):
                return True
        time.sleep(SECONDS)
    return False


def is_unlocked():
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 300")
        with transaction.atomic():
            return True
    except OperationalError:
        return False
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 20000")
