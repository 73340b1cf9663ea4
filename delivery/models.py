"""The rows that say which generation of the content is live."""

import secrets

from django.db import models


def new_mark():
    """Return a number that no other change has: after a backup is restored, others follow than did before."""
    return secrets.randbits(40)


class Change(models.Model):
    """One change of something that readers see; old rows are dropped."""

    mark = models.BigIntegerField(default=new_mark)

    seen_by_readers = False

    def __str__(self):
        return str(self.pk)
