"""Promoted results: what editors put above the results of certain searches, while readers may see it."""

from dataclasses import dataclass
from itertools import islice, product

from wagtail.models import Page

from core import cards, offers
from core.models import Document
from delivery import due, sites
from delivery.generation import per_generation
from search import synonyms, text
from search.models import PromotedResult
from search.models.editorial import MAX_WORDS, form_of
from search.results import open_pages

SHOWN = 3
MAX_FORMS = 16


@dataclass(frozen=True)
class Promoted:
    """A promoted result as readers see it, with the page or document that must be open to them."""

    title: str
    url: str
    summary: str
    page_id: int | None = None
    document_id: int | None = None


def promoted(typed, language):
    """Return what stands above the results of a search: at most three of {"title", "url", "summary"}.

    Args:
        typed: what the reader typed.
        language: the language code of the page of results.
    """
    table = _table(language)
    found = {place: row for form in _forms(typed, language) for place, row in table.get(form, ())} if table else {}
    if not found:
        return []
    rows = [found[place] for place in sorted(found)]
    pages = open_pages([row.page_id for row in rows if row.page_id], language)
    documents = _open_documents(rows)
    shown = [
        row
        for row in rows
        if (row.page_id is None or row.page_id in pages) and (row.document_id is None or row.document_id in documents)
    ]
    return [{"title": row.title, "url": row.url, "summary": row.summary} for row in shown[:SHOWN]]


def _forms(typed, language):
    """Return the forms of what was typed; a word with a hyphen has two."""
    words = text.words(typed[: 2 * MAX_WORDS], language)
    ways = product(*(word.phrases for word in words)) if words else ()
    return {tuple(part for phrase in way for part in phrase) for way in islice(ways, MAX_FORMS)}


def _open_documents(rows):
    """Return the ids of those documents of the rows that stand in no restricted collection at this moment."""
    ids = [row.document_id for row in rows if row.document_id]
    found = offers.in_open_collections(Document.objects.filter(pk__in=ids))
    return set(found.values_list("pk", flat=True)) if ids else set()


@per_generation
def _table(language):
    """Return {form: [(place, Promoted)]} of a language, synonyms of what editors wrote included."""
    found = {}
    for place, (row, variants) in enumerate(_known(language)):
        forms = set()
        for variant in variants:
            forms |= _forms(variant, language) | synonyms.rewritings(form_of(variant, language), language)
        for form in forms:
            found.setdefault(form, []).append((place, row))
    return found


def _known(language):
    """Return (Promoted, variants) of everything in a language that has something to show, in the editors' order."""
    rows = list(PromotedResult.objects.filter(locale__language_code=language).select_related("page", "document"))
    pages = _pages_here([row.page.translation_key for row in rows if row.page], language)
    arranged = [(_arranged(row, pages), row.variants) for row in rows]
    return [(shown, variants) for shown, variants in arranged if shown and shown.url]


def _arranged(row, pages):
    """Return a Promoted of a stored row, or None while this language has nothing to show for it."""
    if row.page_id:
        page = pages.get(row.page.translation_key)
        if page is None:
            return None
        summary = row.description or getattr(page, "summary", "")
        address = sites.page_url(page.url_path, page.locale_id)
        return Promoted(row.title or page.title, address, summary, page_id=page.pk)
    if row.document_id:
        if row.document.language_id not in (None, row.locale_id):
            return None
        title = row.title or row.document.title
        return Promoted(title, row.document.url, row.description, document_id=row.document_id)
    return Promoted(row.title, row.url, row.description)


def _pages_here(keys, language):
    """Return {translation key: live page in this language}, without aliases and what no list may show."""
    edition = sites.live_editions().get(language)
    if edition is None or not keys:
        return {}
    pages = due.not_over(Page.objects.live()).filter(translation_key__in=keys, locale_id=edition.locale_id)
    pages = pages.filter(alias_of__isnull=True).exclude(pk__in=cards.unlisted_ids())
    return {page.translation_key: page for page in pages.defer_streamfields().specific()}
