"""The index on SQLite: an FTS5 table, ranked by its own BM25."""

from django.db import connection

from search.engine.expression import All, Any, Phrase

BEGINS = "word >= %s AND word < %s"
LAST_CHARACTER = "\U0010ffff"
# The entries that readers of a language may find by a word: its expression, the language.
LISTED = (
    "SELECT 1 FROM search_words CROSS JOIN search_entry entry ON entry.id = search_words.rowid"
    " WHERE search_words MATCH %s AND entry.is_listed AND entry.language = %s"
)


def write(entry_id, title, body):
    """Store the words of an entry in place of those it had.

    Args:
        entry_id: the entry's id.
        title, body: lists of tokens.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words WHERE rowid = %s", [entry_id])
        cursor.execute(
            "INSERT INTO search_words (rowid, title, body) VALUES (%s, %s, %s)",
            [entry_id, " ".join(title), " ".join(body)],
        )


def remove(entry_ids):
    """Forget the words of entries."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM search_words WHERE rowid = %s", [[pk] for pk in entry_ids])


def settle():
    """SQLite plans these questions the same way with any number of rows."""


def hits(expression, language):
    """Return (entry id, score, moment, facets) of all that readers of a language may find, in no order."""
    sql = (
        "SELECT entry.id, -bm25(search_words), entry.moment, entry.facets FROM search_words"
        " CROSS JOIN search_entry entry ON entry.id = search_words.rowid"
        " WHERE search_words MATCH %s AND entry.is_listed AND entry.language = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [compiled(expression), language])
        return cursor.fetchall()


def scores(expression, content_type_id, in_title=False):
    """Return {object id as text: score} of all things of a kind that an expression finds."""
    sql = (
        "SELECT entry.object_id, -bm25(search_words) FROM search_words"
        " CROSS JOIN search_entry entry ON entry.id = search_words.rowid"
        " WHERE search_words MATCH %s AND entry.content_type_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_in_columns(expression, in_title), content_type_id])
        return dict(cursor.fetchall())


def matching(expression, in_title=False):
    """Return SQL that selects the ids of the entries that an expression finds, and its parameters."""
    return "SELECT rowid FROM search_words WHERE search_words MATCH %s", [_in_columns(expression, in_title)]


def beginning(start):
    """Return the values with which ``BEGINS`` asks for words that begin with some letters."""
    return [start, start + LAST_CHARACTER]


def _in_columns(expression, in_title):
    return f"title : ({compiled(expression)})" if in_title else compiled(expression)


def compiled(part):
    """Return an expression in the words of FTS5."""
    if isinstance(part, Phrase):
        return f'"{" ".join(part.tokens)}"'
    if isinstance(part, Any | All):
        sign = " OR " if isinstance(part, Any) else " AND "
        return f"({sign.join(compiled(inner) for inner in part.parts)})"
    return f"({compiled(part.wanted)} NOT {compiled(part.unwanted)})"
