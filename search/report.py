"""What readers search for: written down as lines outside the database, counted once a minute by the scheduler.

A line says nothing of who asked and no time finer than the day. Words that look like somebody's own (an address, a
number, a letter) are written down nowhere: such a search counts without them.
"""

import json
import logging
import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from search import ledger
from search.models import CountedFile, SearchCount

logger = logging.getLogger("portal.search")
KEPT_DAYS = 400
MAX_CHARACTERS = 100
MAX_RANK = 1_000
# So many different searches of a day and language get a row of their own; the rest count without their words.
MAX_QUERIES_A_DAY = 5_000
ROWS_AT_ONCE = 500
COUNTS = ("searches", "empty", "clicks", "ranks")
NUMBER = re.compile(r"\d{6,}")
# Seven digits or more with signs between them that are no two years.
TELEPHONE = re.compile(r"(?<!\d)(?!(?:19|20)\d\d[ /–-]{1,3}(?:19|20)\d\d(?!\d))\+?\d(?:[ ().·/–-]{0,3}\d){6,}")


def spoken(typed):
    """Return what was typed as the report shows it: small letters, one line, nothing that cannot be seen."""
    composed = unicodedata.normalize("NFKC", typed[: 20 * MAX_CHARACTERS]).lower()
    kept = (sign if sign.isprintable() else " " if sign.isspace() else "" for sign in composed)
    return " ".join("".join(kept).split())


def is_personal(query):
    """Return whether words look as if they said who somebody is, or are too long to be a search."""
    return len(query) > MAX_CHARACTERS or "@" in query or bool(NUMBER.search(query) or TELEPHONE.search(query))


def note_search(typed, language, total):
    """Write down that a first page of results was shown.

    Args:
        typed: what the reader typed.
        language: the language code of the page.
        total: how many results it had.
    """
    _note(typed, language, {"searches": 1, "empty": int(total == 0)})


def note_click(typed, language, rank):
    """Write down that a result was followed.

    Args:
        typed: what the reader typed.
        language: the language code of the page.
        rank: the place of the result, from 1.
    """
    if 1 <= rank <= MAX_RANK:
        _note(typed, language, {"clicks": 1, "ranks": rank})


def _note(typed, language, counts):
    query = spoken(typed)
    if query:
        query = "" if is_personal(query) else query
        ledger.write(json.dumps([timezone.localdate().isoformat(), language, query, counts]))


def count():
    """Count what was written down since, each line once, whenever a process may have died.

    Returns:
        the number of lines.
    """
    with ledger.closed_files() as files:
        return sum(_count_file(path) for path in files)


def _count_file(path):
    """Count the lines of a file that nobody writes any more, in one transaction with the note that it was done."""
    lines = []
    with transaction.atomic():
        _mark, is_new = CountedFile.objects.get_or_create(name=path.name)
        if is_new:
            lines = [found for line in path.read_bytes().splitlines() if (found := _parsed(line))]
            _add(lines)
    path.unlink(missing_ok=True)
    CountedFile.objects.filter(name=path.name).delete()
    return len(lines)


def _parsed(line):
    """Return ((day, language, query), counts) of a line, or None of one that a dying process left unfinished."""
    try:
        day, language, query, counts = json.loads(line)
        key = (date.fromisoformat(day), language, query)
        return key, {name: int(counts.get(name, 0)) for name in COUNTS}
    except (ValueError, TypeError, AttributeError):
        logger.warning("A line of the searches cannot be read and is left out")
        return None


def _add(lines):
    """Add lines to the table, in the same order in every process so that none waits for another's rows."""
    sums = defaultdict(Counter)
    for key, counts in lines:
        sums[key].update(counts)
    by_day = defaultdict(dict)
    for (day, language, query), counts in sums.items():
        by_day[day, language][query] = counts
    for (day, language), counted in sorted(by_day.items()):
        _add_to_day(SearchCount.objects.filter(day=day, language=language), day, language, counted)


def _add_to_day(rows, day, language, counted):
    _leave_out_words(counted, set(rows.values_list("query", flat=True)))
    queries = sorted(counted)
    for start in range(0, len(queries), ROWS_AT_ONCE):
        sums = {query: counted[query] for query in queries[start : start + ROWS_AT_ONCE]}
        new = [SearchCount(day=day, language=language, query=query) for query in sums]
        # Another host may make the same row at this moment: first they are there, then they are locked.
        SearchCount.objects.bulk_create(new, ignore_conflicts=True)
        for row in rows.filter(query__in=list(sums)).order_by("query").select_for_update():
            sums[row.query].update({name: getattr(row, name) for name in COUNTS})
        totals = [SearchCount(day=day, language=language, query=query, **counts) for query, counts in sums.items()]
        SearchCount.objects.bulk_create(
            totals, update_conflicts=True, update_fields=COUNTS, unique_fields=["day", "language", "query"]
        )


def _leave_out_words(counted, known):
    """Count the rarest of too many new searches under no words."""
    new = sorted((query for query in counted if query and query not in known), key=lambda q: -counted[q]["searches"])
    for query in new[max(MAX_QUERIES_A_DAY - len(known), 0) :]:
        counted.setdefault("", Counter()).update(counted.pop(query))


def tidy():
    """Remove what is older than 400 days."""
    before = timezone.localdate() - timedelta(days=KEPT_DAYS)
    SearchCount.objects.filter(day__lt=before).delete()
    CountedFile.objects.filter(counted_on__lt=before).delete()
