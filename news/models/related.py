"""What a reader of an article can go on to: those that share its topics, without a query while nothing changes."""

from collections import defaultdict

from delivery.generation import per_generation
from delivery.prepared import Prepared
from news.models.listing import ArticleListing, ListingTerm, by_date

# Topics whose articles are looked at, and how many of each.
LOOKED_AT = 4
NEWEST = 15
ALL = None


@per_generation
def _known(index_id):
    """Return what is known of an index: {topic's key, or ALL: [(row, keys of its terms)]}, filled when asked for."""
    return {}


def related(index_id, keys, exclude, count):
    """Return rows to go on to: those that share most of some terms, then the newest.

    Args:
        index_id: id of the news index page.
        keys: keys of the topics of the article that is being read, the most important first.
        exclude: ids of rows that are not wanted.
        count: how many rows.

    Only the newest few of each topic are looked at, so that it costs the same in any archive; and they are read once
    for all articles with that topic.
    """
    near = _newest(index_id, [ALL, *keys[:LOOKED_AT]])
    found = {row.pk: (len(terms.intersection(keys)), row) for rows in near for row, terms in rows}
    wanted = [shared_and_row for pk, shared_and_row in found.items() if pk not in exclude]
    wanted.sort(key=lambda item: (item[0], item[1].published_on, item[1].pk), reverse=True)
    return [row for _shared, row in wanted[:count]]


def _newest(index_id, keys):
    """Return [(row, keys of its terms)] for each key; what is not known yet is read in two queries."""
    known = _known(index_id)
    missing = [key for key in keys if key not in known]
    if missing:
        known |= _read(index_id, missing)
    return [known[key] for key in keys]


def _read(index_id, keys):
    rows = _newest_rows(index_id, [key for key in keys if key is not ALL])
    terms = defaultdict(set)
    for page_id, key in _terms_of([row.pk for row in rows]) if rows else ():
        terms[page_id].add(key)
    read = defaultdict(list)
    for row in rows:
        own = frozenset(terms[row.pk])
        for key in keys:
            if (key is ALL or key in own) and len(read[key]) < NEWEST:
                read[key].append((row, own))
    return {key: read[key] for key in keys}


@Prepared
def _newest_rows(index_id, keys):
    """Return the newest rows of an index, and of each of some terms."""
    rows = ArticleListing.shown.filter(index_id=index_id)
    terms = ListingTerm.shown.filter(index_id=index_id)
    ids = [by_date(some).values("page_id")[:NEWEST] for some in (rows, *(terms.filter(key=key) for key in keys))]
    # A union: PostgreSQL reads the whole table for conditions joined by OR.
    first, *others = (rows.filter(pk__in=some).values("pk") for some in ids)
    return by_date(rows.filter(pk__in=first.union(*others) if others else first))


@Prepared
def _terms_of(page_ids):
    return ListingTerm.objects.filter(page_id__in=page_ids).values_list("page_id", "key")
