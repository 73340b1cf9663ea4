"""The rows that say which generation of the content is live."""

from django.db import models


class Change(models.Model):
    """One change of something that readers see; old rows are dropped."""

    seen_by_readers = False

    def __str__(self):
        return str(self.pk)
