"""The folder in which the processes of a host share their pages, where no CACHE_URL names anything else."""

import itertools

from django.core.cache.backends.filebased import FileBasedCache

CULLED_EACH = 100
MOST_ENTRIES = 3_000


class Folder(FileBasedCache):
    """Django's cache in files, which lists its folder at every set; here each hundredth set of a process does."""

    _sets = itertools.count(1)

    def __init__(self, folder, params):
        super().__init__(folder, {"max_entries": MOST_ENTRIES, **params})

    def _cull(self):
        if next(Folder._sets) % CULLED_EACH == 0:
            super()._cull()
