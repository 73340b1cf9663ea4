"""The index in the database's own full-text engine: FTS5 on SQLite, a tsvector on PostgreSQL, with the same answers.

Its table is made by the migrations. Both modules have ``write``, ``remove``, ``settle``, ``hits``, ``scores``,
``frequencies``, ``matching``, ``beginning_with``.
"""

from django.db import connection

if connection.vendor == "postgresql":
    from search.engine import postgresql as database
else:
    from search.engine import sqlite as database

write = database.write
remove = database.remove
settle = database.settle
hits = database.hits
scores = database.scores
frequencies = database.frequencies
matching = database.matching
beginning_with = database.beginning_with
