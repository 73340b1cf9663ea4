"""The row that says which generation of the content is live."""

from django.db import models


class Generation(models.Model):
    """A single row: its number grows in the same transaction as whatever readers see changes."""

    number = models.BigIntegerField(default=1)

    seen_by_readers = False

    def __str__(self):
        return str(self.number)
