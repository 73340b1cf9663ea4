"""What DATABASE_URL says, as Django's setting."""

import environ

from portal.environment import Refused

SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=1073741824;",
}


def read(url, seconds):
    """Return the setting of the default database.

    Args:
        url: ``sqlite:////srv/portal.sqlite3`` or ``postgres://user:password@host:5432/name``.
        seconds: for which a thread keeps its connection.

    Raises:
        Refused: the address names no file and no database, or one that Portal does not run on.
    """
    try:
        found = environ.Env.db_url_config(url)
    except ValueError:
        # The port is no number: mostly for a sign in the password.
        found = {}
    if found.get("ENGINE") not in (SQLITE, POSTGRESQL) or found["NAME"] in ("", ":memory:"):
        raise Refused(
            "DATABASE_URL",
            "must name a file, such as sqlite:////srv/portal.sqlite3, or a database of PostgreSQL, such as "
            "postgres://user:password@host:5432/name, with special characters of the password as in %40.",
        )
    options = {"OPTIONS": SQLITE_OPTIONS} if found["ENGINE"] == SQLITE else {}
    return found | options | {"CONN_MAX_AGE": seconds, "CONN_HEALTH_CHECKS": True}
