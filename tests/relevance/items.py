"""What a known-item test is made of: documents, and for each one query that should find it."""

import hashlib
from dataclasses import dataclass

WORDS = 450
FEWEST_WORDS = 20
LANGUAGES = ("en", "fr", "de")
# One item in four may be looked at to choose how to rank; figures come from the others.
TUNING_SHARE = 4


@dataclass(frozen=True)
class Item:
    """A document and the query whose one right answer it is.

    Attributes:
        key: name of the thing, the same in every language.
        language: code of it.
        title: as an article's.
        body: plain text of at most 450 words, without the query's sentence.
        query: what somebody would type who wants this document.
    """

    key: str
    language: str
    title: str
    body: str
    query: str

    @property
    def is_tuning(self):
        return number_of(f"split {self.key}") % TUNING_SHARE == 0


def number_of(text):
    """Return a number that hangs on the text alone, the same on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def shorten(text):
    return " ".join(text.split()[:WORDS])


def distinct(items):
    """Return the items without those too short to find, and of those that share a query or a body the first."""
    seen, kept = set(), []
    for item in sorted(items, key=lambda item: (item.language, item.key)):
        marks = {(item.language, item.query.casefold()), (item.language, item.body)}
        if len(item.body.split()) >= FEWEST_WORDS and not marks & seen:
            seen |= marks
            kept.append(item)
    return kept


def in_order(items):
    """Return items in an order that hangs on their names alone, so that the first of them are a fair sample."""
    return sorted(items, key=lambda item: number_of(f"order {item.key}"))


def reported(items, language):
    """Return the items of a language that no tuning saw, in that order."""
    return in_order(item for item in items if item.language == language and not item.is_tuning)
