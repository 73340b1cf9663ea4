"""Every list costs at any depth what it costs on its first page, in queries and in time.

``make bench`` runs it with SIZE=50000; `make test` with a short archive.
"""

import os
import sys
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.paging import cursor_of
from news.models import ArticleListing
from news.models.index import ROWS_PER_PAGE
from tests.many import fill

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SIZE = int(os.environ.get("SIZE", "2000"))
DEPTH = min(500, SIZE // ROWS_PER_PAGE - 2)
REQUESTS = 40
# The work is the same; what is left is the noise of a shared machine.
MOST = 1.25


def bar(done):
    if os.environ.get("SIZE"):
        print(f"\r{'#' * (40 * done // SIZE):40} {done:,} articles", end="", file=sys.stderr, flush=True)


def queries_of(client, address):
    """Return how many queries a page asks at a warm generation."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    # At once: the next request forgets them.
    asked = len(queries)
    assert len(response.context["rows"]) == ROWS_PER_PAGE
    return asked


def times_of(client, *addresses):
    """Return the CPU seconds of each page, the best of forty; in turn, as the machine changes its pace."""
    times = {address: [] for address in addresses}
    for _request in range(REQUESTS):
        for address, taken in times.items():
            start = time.process_time()
            client.get(address)
            taken.append(time.process_time() - start)
    return [min(taken) for taken in times.values()]


@pytest.mark.timeout(7200)
def test_a_list_costs_the_same_at_any_depth(client, site):
    fill(site, SIZE, bar)
    rows = ArticleListing.objects.order_by("-published_on", "-page_id")
    addresses = ["/news/", "/news/topics/policy/", "/news/authors/secretariat/", "/news/kinds/statement/"]
    lists = dict.fromkeys(addresses, rows)
    # In January the newest one's year is short.
    year = timezone.localtime(rows[SIZE // 2].published_on).year
    lists[f"/news/{year}/"] = rows.filter(published_on__year=year)
    for address, listed in lists.items():
        depth = min(DEPTH, listed.count() // ROWS_PER_PAGE - 1)
        cursor = cursor_of(listed[depth * ROWS_PER_PAGE - 1])
        pages = (address, f"{address}?before={cursor}")
        asked = [queries_of(client, page) for page in pages]
        first, deep = times_of(client, *pages)
        print(f"\n{address} page {depth} against 1: {asked[1]} and {asked[0]} queries, {deep / first:.2f} x the time")
        assert asked[1] == asked[0] <= 6
        assert deep <= first * MOST
