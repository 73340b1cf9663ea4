"""The index in the database's own full-text engine: FTS5 on SQLite, a tsvector on PostgreSQL, with the same answers.

Its table is made by the migrations. Both modules have ``write``, ``remove``, ``settle``, ``hits``, ``scores``,
``matching``, ``beginning``, ``compiled``, ``BEGINS`` and ``LISTED``.
"""

from django.db import connection

from search.engine.expression import Phrase

if connection.vendor == "postgresql":
    from search.engine import postgresql as database
else:
    from search.engine import sqlite as database

write = database.write
remove = database.remove
settle = database.settle
hits = database.hits
scores = database.scores
matching = database.matching
MOST_COUNTED = 1_000


def starting(start, languages):
    """Return SQL that selects the ids of the entries that have a word in their title which begins so, and its values.

    Args:
        start: folded letters and digits.
        languages: codes of the languages of the words.
    """
    some = ", ".join(["%s"] * len(languages))
    sql = f"SELECT entry_id FROM search_wordstart WHERE {database.BEGINS} AND language IN ({some})"  # noqa: S608 - constants
    return sql, [*database.beginning(start), *languages]


def frequencies(words, language):
    """Return {token: in how many things that readers of a language may find it occurs, at most 1,000}.

    Args:
        words: tokens, fewer than the 500 questions that SQLite joins in one.
        language: a language code.
    """
    words = sorted(set(words))
    one = f"SELECT %s, count(*) FROM ({database.LISTED} LIMIT {MOST_COUNTED}) AS found"  # noqa: S608 - constants
    values = [value for token in words for value in (token, database.compiled(Phrase((token,))), language)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(words)), values)
        return dict(cursor.fetchall())
