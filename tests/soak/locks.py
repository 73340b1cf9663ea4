"""Whether another process holds the lock of the database."""

from django.db import OperationalError, connection, transaction


def is_writable():
    """Return whether the database takes a write now; not while another process holds SQLite's lock."""
    is_sqlite = connection.vendor == "sqlite"
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 300" if is_sqlite else "SELECT 1")
        with transaction.atomic():
            return True
    except OperationalError:
        return False
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 20000" if is_sqlite else "SELECT 1")
