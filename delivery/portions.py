"""Reading many rows while others are written."""


def portions(queryset, size):
    """Yield the rows of a query, some at once, by their primary keys as they are now.

    A query that stays open (``QuerySet.iterator``) keeps SQLite from writing in between.

    Args:
        queryset: the query, in its order.
        size: so many rows at once, at most.

    Yields:
        a queryset of each portion.
    """
    ids = list(queryset.values_list("pk", flat=True))
    for start in range(0, len(ids), size):
        yield queryset.filter(pk__in=ids[start : start + size])
