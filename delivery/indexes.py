"""Indexes that Portal needs on tables of Wagtail.

They are made after every migrate run and not by a migration: on SQLite a later Wagtail migration that rebuilds
the table would silently drop them.
"""

from django.db import connections

INDEXES = {
    "portal_page_expire_at": (
        "CREATE INDEX IF NOT EXISTS portal_page_expire_at ON wagtailcore_page (expire_at) WHERE expire_at IS NOT NULL"
    ),
    "portal_page_url_path": "CREATE INDEX IF NOT EXISTS portal_page_url_path ON wagtailcore_page (url_path)",
    "portal_page_translation_key": (
        "CREATE INDEX IF NOT EXISTS portal_page_translation_key ON wagtailcore_page (translation_key)"
    ),
}


def create(using="default"):
    """Create what is missing, if the tables are there."""
    connection = connections[using]
    if "wagtailcore_page" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in INDEXES.values():
            cursor.execute(statement)


def missing(using="default"):
    """Return the names of Portal's indexes that the database does not have."""
    connection = connections[using]
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "wagtailcore_page")
    return sorted(set(INDEXES) - set(constraints))
