"""A file of searches of a test's own, and what stands in it and in the table."""

import json

from search.models import SearchCount


def lines(folder):
    path = folder / "searches-of-a-test.log"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def rows():
    fields = ("language", "query", "searches", "empty", "clicks", "ranks")
    return sorted(SearchCount.objects.values_list(*fields))
