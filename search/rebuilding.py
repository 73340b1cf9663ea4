"""Comparing the whole index with what it is made of, a few things at a time, while readers search it."""

from django_tasks import task
from modelsearch.backends.base import get_model_root
from wagtail.models import Page
from wagtail.search.index import get_indexed_models

from search import indexing, spelling
from search.models import Entry

AT_ONCE = 100
# So much that a task ends long before it is taken for lost.
BATCHES_A_TASK = 50
SAMPLE = 5
# Behind whatever somebody waits for.
LAST = -70


def batch(model, after=None):
    """Return (the next things of a model in their own types, the last one's id), or None at the end.

    Args:
        model: an indexed model.
        after: the id of the last thing before.
    """
    rows = model.get_indexed_objects().order_by("pk")
    # The root of the tree is nobody's page.
    rows = rows.filter(depth__gt=1) if issubclass(model, Page) else rows
    rows = list((rows if after is None else rows.filter(pk__gt=after))[:AT_ONCE])
    if not rows:
        return None
    return [found for row in rows if (found := row.get_indexed_instance())], rows[-1].pk


def repair(items):
    """Write those of some things that do not stand in the index as they are; return how many."""
    changed = indexing.refresh(items, learn=False)
    if changed:
        spelling.learn.call(changed)
    return len(changed)


def left_over():
    """Yield (content type id, object ids) of entries of something that is gone."""
    known = {indexing.type_of(model).pk: get_model_root(model) for model in get_indexed_models()}
    for kind in Entry.objects.order_by().values_list("content_type", flat=True).distinct():
        rows = known[kind]._base_manager.values_list("pk", flat=True) if kind in known else []
        there = {str(pk) for pk in rows}
        entries = Entry.objects.filter(content_type=kind).values_list("object_id", flat=True)
        gone = [pk for pk in entries.iterator() if pk not in there]
        if gone:
            yield kind, gone


def is_behind():
    """Return whether the index lacks pages, or is of an older version, by its size and its newest entries."""
    entries = Entry.objects.filter(content_type=indexing.type_of(Page))
    if entries.count() < Page.objects.filter(depth__gt=1).count():
        return True
    newest = [entry.object_id for entry in entries.order_by("-pk")[:SAMPLE]]
    return bool(indexing.outdated(Page.objects.filter(pk__in=newest).specific()))


def start_if_behind():
    """Queue the rebuilding of an index that is not of this version."""
    if is_behind():
        go_on.using(priority=LAST).enqueue()


@task(priority=LAST)
def go_on(place=0, after=None):
    """Rebuild from some place on (background task), and queue the rest; what is right is left alone.

    Args:
        place: the number of the model among all that are indexed.
        after: the id of the last thing of it that was looked at.
    """
    known = get_indexed_models()
    for _number in range(BATCHES_A_TASK):
        if place == len(known):
            for kind, ids in left_over():
                indexing.forget(kind, ids)
            return
        found = batch(known[place], after)
        if found is None:
            place, after = place + 1, None
        else:
            items, after = found
            repair(items)
    go_on.using(priority=LAST).enqueue(place, after)
