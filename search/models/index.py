"""The index: one entry for everything that can be found, in the admin or by readers.

The words themselves stand in the table ``search_words`` of ``search.engine``, under the entry's id. No foreign key
leads there and none to what is indexed, so that a whole section can be deleted or flushed in any order;
``manage.py search_index verify`` finds what was left over.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models


class Entry(models.Model):
    """One thing that can be found."""

    # Of the root model: a page of any type is a page.
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+", db_index=False)
    object_id = models.CharField(max_length=64)
    language = models.CharField(max_length=12, blank=True)
    is_listed = models.BooleanField(default=False)
    # Seconds since 1970, by which results are sorted; 0 where there is no date.
    moment = models.BigIntegerField(default=0)
    length = models.PositiveIntegerField(default=0)
    # The choices that it counts for, as codes: ",kind:0a1b,topic:2c3d,year:2026,".
    facets = models.TextField(blank=True)
    title = models.CharField(max_length=255, blank=True)
    # A hash of all that is indexed, so that nothing is written twice and ``verify`` can compare.
    digest = models.CharField(max_length=32)

    seen_by_readers = False

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="search_entry_once")]
        indexes = [
            models.Index(fields=["language", "is_listed", "length"], name="search_entry_by_language"),
            # Of a beginning that very many titles have, the newest few are found without reading the others.
            models.Index(fields=["language", "is_listed", "-moment", "-id"], name="search_entry_by_moment"),
        ]

    def __str__(self):
        return self.title


class EntryText(models.Model):
    """The plain text of an entry, from which passages are shown."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="text")
    text = models.TextField(blank=True)

    seen_by_readers = False

    def __str__(self):
        return self.text[:60]


class WordStart(models.Model):
    """A word of an entry's title, or in no language of its tags: folded but not stemmed, found while it is typed."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="starts")
    language = models.CharField(max_length=12, blank=True)
    word = models.CharField(max_length=60)

    seen_by_readers = False

    class Meta:
        # PostgreSQL finds beginnings only by an index that does not sort as people do.
        indexes = [
            models.Index(
                fields=["language", "word", "entry"],
                opclasses=["text_ops", "varchar_pattern_ops", "int8_ops"],
                name="search_start_by_word",
            )
        ]

    def __str__(self):
        return self.word


class Spelling(models.Model):
    """A word of the index under one of its spellings: itself, or itself without one letter.

    Two words that share one are at most two slips apart (the symmetric deletions of Wolf Garbe's SymSpell).
    """

    language = models.CharField(max_length=12)
    spelling = models.CharField(max_length=40)
    word = models.CharField(max_length=40)
    # With its accents, and its capital where it always has one.
    written = models.CharField(max_length=40)

    seen_by_readers = False

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "spelling", "word"], name="search_spelling_once")]

    def __str__(self):
        return self.word
