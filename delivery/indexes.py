"""Indexes that Portal needs on tables of Wagtail.

They are made after every migrate run and not by a migration: on SQLite a later Wagtail migration that rebuilds
the table would silently drop them.
"""

from django.db import connections

INDEXES = {
    "portal_page_expire_at": (
        "CREATE INDEX IF NOT EXISTS portal_page_expire_at ON wagtailcore_page (expire_at) WHERE expire_at IS NOT NULL"
    ),
    # Wagtail's own is of all pages, and most are no alias. Where somebody has counted (ANALYZE), SQLite takes that for
    # one frequent value, and looked at every page of the site whenever one was published.
    "portal_page_alias_of": (
        "CREATE INDEX IF NOT EXISTS portal_page_alias_of"
        " ON wagtailcore_page (alias_of_id) WHERE alias_of_id IS NOT NULL"
    ),
    # With the locale in front: SQLite, which has no statistics before somebody asks for them, would otherwise look up
    # all pages of the language for every request.
    "portal_page_address": "CREATE INDEX IF NOT EXISTS portal_page_address ON wagtailcore_page (locale_id, url_path)",
    "portal_page_url_path": "CREATE INDEX IF NOT EXISTS portal_page_url_path ON wagtailcore_page (url_path)",
    "portal_page_translation_key": (
        "CREATE INDEX IF NOT EXISTS portal_page_translation_key ON wagtailcore_page (translation_key)"
    ),
}
# SQLite looks for what begins with a tree path as LIKE does it, without regard to case, and only such an index helps:
# without it, every page of the site is looked at whenever one is moved or deleted.
SQLITE = {
    "portal_page_path": "CREATE INDEX IF NOT EXISTS portal_page_path ON wagtailcore_page (path COLLATE NOCASE)",
}


def wanted(connection):
    """Return the statements that make Portal's indexes on a database, by their names."""
    return INDEXES | (SQLITE if connection.vendor == "sqlite" else {})


def create(using="default"):
    """Create what is missing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in wanted(connection).values():
            cursor.execute(statement)


def missing(using="default"):
    """Return the names of Portal's indexes that the database does not have."""
    connection = connections[using]
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "wagtailcore_page")
    return sorted(set(wanted(connection)) - set(constraints))
