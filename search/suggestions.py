"""What may be meant while it is being typed: topics, authors and titles, none of them looked for in texts."""

from collections import namedtuple
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils.translation import gettext
from wagtail.models import Page

from core import facets
from core.models import Document
from delivery import sites
from delivery.generation import per_generation
from search import engine, results, text

MAX_CHARACTERS = 60
MAX_WORDS = 6
SHORTEST = 2
TERMS, TITLES = 3, 6
Found = namedtuple("Found", "id content_type_id object_id title")


def suggest(typed, language):
    """Return what to suggest, as {"label", "url", "kind"}: terms first, then titles, the newest first.

    Args:
        typed: the beginning of a search.
        language: the code of the reader's language.
    """
    starts = text.folded(typed[:MAX_CHARACTERS])[:MAX_WORDS]
    edition = sites.live_editions().get(language)
    if edition is None or sum(map(len, starts)) < SHORTEST:
        return []
    return [*_terms(tuple(starts), language), *_titles(starts, edition)]


def _terms(starts, language):
    found = (term for words, term in _known_terms(language) if _begin(words, starts))
    return [{"label": label, "url": url, "kind": gettext(kind)} for label, url, kind in islice(found, TERMS)]


@per_generation
def _known_terms(language):
    """Return (words, (name, address, what it is)) of all terms that have a list."""
    return [
        (text.beginnings(value.label, language), (value.label, addresses[key], str(facet.label)))
        for facet in facets.declared()
        if facet.addresses
        for addresses in [facet.addresses(language)]
        for key, value in facet.named(addresses, language).items()
    ]


def _begin(words, starts):
    """Return whether each of the typed words is the beginning of one of a term's."""
    return all(any(word.startswith(start) for word in words) for start in starts)


def _titles(starts, edition):
    """Return titles in which a word begins with each of the typed ones, as far as readers may see them now."""
    rows = _newest(starts, edition.language)
    kinds = ContentType.objects.get_for_models(Page, Document)
    urls = {}
    for model, look in ((Page, results.open_pages), (Document, results.open_documents)):
        known = {int(row.object_id): row.id for row in rows if row.content_type_id == kinds[model].pk}
        urls |= {known[pk]: card["url"] for pk, card in look(list(known), edition.language).items()}
    return [{"label": row.title, "url": urls[row.id], "kind": ""} for row in rows if row.id in urls]


def _newest(starts, language):
    """Return the newest entries of these titles; Django would take longer to write this query than to ask it."""
    sql, values = "SELECT id, content_type_id, object_id, title FROM search_entry WHERE language = %s AND is_listed", []
    for start in set(starts):
        chosen, of_it = engine.starting(start, [language])
        sql, values = f"{sql} AND id IN ({chosen})", values + of_it
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY moment DESC, id DESC LIMIT %s", [language, *values, TITLES])
        return [Found(*row) for row in cursor.fetchall()]
