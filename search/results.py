"""What a question finds: counted, narrowed and sorted in one pass over all hits, then looked up once more."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Page

from core import facets
from core.models import Document
from delivery import due, sites
from search import documents, engine, passages, query
from search.models import Entry

PER_PAGE = 10
# A hit that has so much less than the best one only shares a frequent word with the question.
LEAST_SHARE = 0.1
MOST_LOOKS = 5


@dataclass(frozen=True)
class Question:
    """What is asked: the words, and how the results are to be narrowed and sorted.

    Attributes:
        typed: the cleaned text.
        language: the code of the reader's language.
        needs_all: whether all words must occur.
        chosen: {name of a facet: key}.
        begins, ends: aware moments between which the results are dated, the end excluded; or None.
        by_date: whether the newest come first, and not the best.
        page: the number of the page, from 1.
    """

    typed: str
    language: str
    needs_all: bool = False
    chosen: dict = field(default_factory=dict)
    begins: datetime | None = None
    ends: datetime | None = None
    by_date: bool = False
    page: int = 1


@dataclass(frozen=True)
class Answer:
    """What was found: the total, the rows of one page, and {name of a facet: {key: number of results}}."""

    total: int
    rows: list
    counts: dict
    page: int
    pages: int


def find(question, per_page=PER_PAGE):
    """Return the Answer to a question, or None where there is no word to look for.

    Args:
        question: the Question.
        per_page: how many rows of it.
    """
    asked = query.parse(question.typed, question.language, question.needs_all)
    if asked.expression is None:
        return None
    hits = _worth_showing(engine.hits(asked.expression, question.language), question, asked.is_broad)
    for _look in range(MOST_LOOKS):
        rows = _sorted(_narrowed(hits, question.chosen), question.by_date)
        pages = max(1, -(-len(rows) // per_page))
        number = min(question.page, pages)
        shown, gone = _looked_up(rows[(number - 1) * per_page : number * per_page], question, asked.tokens)
        if not gone:
            break
        # Not to be counted either; the index follows on its own.
        hits = [hit for hit in hits if hit[0] not in gone]
    rows_before = (number - 1) * per_page
    shown = [row | {"rank": rows_before + place} for place, row in enumerate(shown, 1)]
    return Answer(len(rows), shown, _counts(hits, question.chosen), number, pages)


def _worth_showing(hits, question, is_broad):
    """Return the hits in the span of time asked for; to several words, those that are not far worse than the best."""
    least = max((hit[1] for hit in hits), default=0) * LEAST_SHARE if is_broad else 0
    begins = question.begins.timestamp() if question.begins else None
    ends = question.ends.timestamp() if question.ends else None
    # What has no date lies in no span.
    return [
        hit
        for hit in hits
        if hit[1] >= least
        and (begins is None or (hit[2] and hit[2] >= begins))
        and (ends is None or (hit[2] and hit[2] < ends))
    ]


def _narrowed(hits, chosen):
    """Return the hits that count for all that was chosen."""
    for name, key in chosen.items():
        code = f",{name}:{key},"
        hits = [hit for hit in hits if code in hit[3]]
    return hits


def _sorted(hits, by_date):
    """Return hits in order: the newest first, or the best first and the newest of equals."""
    hits = sorted(hits, key=itemgetter(2, 0), reverse=True)
    if not by_date:
        scale = 1000 / (max((hit[1] for hit in hits), default=0) or 1)
        # The order of dates stays among equals.
        hits.sort(key=lambda hit: round(hit[1] * scale), reverse=True)
    return hits


def _counts(hits, chosen):
    """Return how many results each choice would leave: of all facets with the other choices in force."""
    counted, counts = {}, {}
    for facet in facets.declared():
        others = tuple((name, key) for name, key in chosen.items() if name != facet.name)
        if others not in counted:
            counted[others] = _tally(_narrowed(hits, dict(others)))
        counts[facet.name] = _of_facet(counted[others], facet)
    return counts


def _tally(hits):
    """Return {code: number of hits that have it}; very many hits share a few rows of codes."""
    counted = Counter()
    for codes, number in Counter([hit[3] for hit in hits]).items():
        for code in codes.split(","):
            counted[code] += number
    return counted


def _of_facet(counted, facet):
    start = f"{facet.name}:"
    return {code[len(start) :]: number for code, number in counted.items() if code.startswith(start)}


def _looked_up(hits, question, wanted):
    """Return the rows of hits that readers may see at this moment, and the ids of the entries that they may not."""
    entries = Entry.objects.filter(pk__in=[hit[0] for hit in hits]).select_related("text").in_bulk()
    kinds = ContentType.objects.get_for_models(Page, Document)
    found = {}
    for model, look in ((Page, open_pages), (Document, open_documents)):
        known = {int(entry.object_id): pk for pk, entry in entries.items() if entry.content_type_id == kinds[model].pk}
        found |= {known[pk]: card for pk, card in (look(list(known), question.language) if known else {}).items()}
    marking = passages.Wanted(wanted)
    rows = [_row(entries[hit[0]], hit, found[hit[0]], marking) for hit in hits if hit[0] in found]
    return rows, {hit[0] for hit in hits} - found.keys()


def open_pages(ids, language):
    """Return {id: {"url"}} of those pages that are live, public and of a language at this moment."""
    edition = sites.live_editions().get(language)
    if edition is None or not ids:
        return {}
    pages = due.not_over(Page.objects.live()).filter(pk__in=ids, locale_id=edition.locale_id, alias_of__isnull=True)
    rows = pages.values_list("pk", "path", "url_path")
    urls = {pk: sites.page_url(url_path, edition.locale_id) for pk, path, url_path in rows if sites.is_public(path)}
    return {pk: {"url": url} for pk, url in urls.items() if url}


def open_documents(ids, language):
    """Return {id: {"url", "file"}} of those documents that readers of a language may find at this moment."""
    return documents.cards(ids, language) if ids else {}


def _row(entry, hit, card, wanted):
    moment = datetime.fromtimestamp(entry.moment, tz=timezone.get_default_timezone()) if entry.moment else None
    return {
        "id": f"{entry.content_type_id}-{entry.object_id}",
        "plain_title": entry.title,
        "title": passages.marked(entry.title, entry.language, wanted),
        "passage": passages.passage(entry.text.text, entry.language, wanted),
        "language": entry.language,
        "published_on": moment,
        "kind": _kind(hit[3], entry.language),
        "file": None,
        **card,
    }


def _kind(codes, language):
    """Return what a result is, as the Value of the facet that says so, or None."""
    shown = {facet.name: facet for facet in facets.declared() if facet.is_shown}
    for code in codes.split(","):
        name, _colon, key = code.partition(":")
        if name in shown:
            return shown[name].named([key], language).get(key)
    return None
