"""Comparing the whole index with what it is made of, a few things at a time, while readers search it."""

from django_tasks import task
from modelsearch.backends.base import get_model_root
from wagtail.models import Page
from wagtail.search.index import get_indexed_models

from search import engine, indexing, spelling
from search.models import Entry

AT_ONCE = 50
# The worker does one thing at a time: mail does not wait longer than some seconds for it.
BATCHES_A_TASK = 10
# Behind whatever somebody waits for.
LAST = -70


def batch(model, after=None):
    """Return the ids of the next things of an indexed model, none at the end.

    Args:
        model: an indexed model; of pages, those of just this type.
        after: the last id before.
    """
    rows = model.get_indexed_objects().order_by("pk")
    # The root of the tree is nobody's page.
    rows = rows.filter(depth__gt=1) if issubclass(model, Page) else rows
    return list((rows if after is None else rows.filter(pk__gt=after)).values_list("pk", flat=True)[:AT_ONCE])


def repair(model, ids):
    """Write those of some things that do not stand in the index as they are; return how many."""
    changed = indexing.refresh_stored(model, ids, learn=False)
    if changed:
        spelling.learn.call(changed)
    return len(changed)


def left_over():
    """Yield (content type id, object ids) of entries of something that is gone."""
    known = {indexing.type_of(model).pk: get_model_root(model) for model in get_indexed_models()}
    for kind in Entry.objects.order_by().values_list("content_type", flat=True).distinct():
        # The entries first: what is made meanwhile is not gone.
        entries = list(Entry.objects.filter(content_type=kind).values_list("object_id", flat=True))
        rows = known[kind]._base_manager.values_list("pk", flat=True) if kind in known else []
        there = {str(pk) for pk in rows}
        if gone := [pk for pk in entries if pk not in there]:
            yield kind, gone


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
            engine.settle()
            return
        ids = batch(known[place], after)
        repair(known[place], ids)
        place, after = (place, ids[-1]) if ids else (place + 1, None)
    go_on.using(priority=LAST).enqueue(place, after)
