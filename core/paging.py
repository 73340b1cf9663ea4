"""Paging by cursor: a page costs the same at any depth, and stays put while news is added on top."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

CURSOR = re.compile(r"^(\d{8}T\d{6})-(\d{1,18})$")


@dataclass
class Listed:
    """One page of a list, with the query strings of its neighbours (None where there is none) and its own."""

    rows: list
    newer: str | None = None
    older: str | None = None
    own: str = ""


def cursor_of(row):
    return cursor_text(row.published_on, row.page_id)


def cursor_text(moment, pk):
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S}-{pk}"


def parse_cursor(text):
    """Return (datetime, id) of a cursor, or None for anything that is not one."""
    match = CURSOR.match(text or "")
    if not match:
        return None
    try:
        moment = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment, int(match[2])


def seek(queryset, query, size):
    """Return one page of a queryset of rows with ``published_on`` and ``page_id``, newest first.

    Args:
        queryset: unordered rows; an index must begin with its filters, then published_on and page_id.
        query: the request's GET; ``before`` or ``after`` may hold a cursor, an unknown one is the first page.
        size: rows a page.

    The condition is written as ``date <= d AND NOT (date = d AND id >= i)``: SQLite uses only the first
    column of an index for a row-value comparison.
    """
    before, after = parse_cursor(query.get("before")), parse_cursor(query.get("after"))
    if after and not before:
        return _seek_newer(queryset, after, size)
    wanted = queryset
    if before:
        moment, pk = before
        wanted = queryset.filter(published_on__lte=moment).exclude(Q(published_on=moment) & Q(page_id__gte=pk))
    rows = list(wanted.order_by("-published_on", "-page_id")[: size + 1])
    if before and not rows:
        # Past the end, where no page of ours leads.
        return seek(queryset, {}, size)
    page = rows[:size]
    older = f"?before={cursor_of(page[-1])}" if len(rows) > size else None
    newer = f"?after={cursor_of(page[0])}" if before and page else None
    return Listed(page, newer, older, f"?before={cursor_text(*before)}" if before else "")


def _seek_newer(queryset, after, size):
    moment, pk = after
    later = queryset.filter(published_on__gte=moment).exclude(Q(published_on=moment) & Q(page_id__lte=pk))
    rows = list(later.order_by("published_on", "page_id")[: size + 1])
    if len(rows) <= size:
        # The top of the list is shown whole, never as a short page of what happens to be newer.
        return seek(queryset, {}, size)
    page = rows[:size][::-1]
    own = f"?after={cursor_text(moment, pk)}"
    return Listed(page, f"?after={cursor_of(page[0])}", f"?before={cursor_of(page[-1])}", own)
