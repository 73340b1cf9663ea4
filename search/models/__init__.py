"""What the search stores."""

from search.models.editorial import PromotedResult, SynonymGroup
from search.models.index import Entry, EntryText, Spelling, WordStart
from search.models.report import CountedFile, SearchCount

__all__ = [
    "CountedFile",
    "Entry",
    "EntryText",
    "PromotedResult",
    "SearchCount",
    "Spelling",
    "SynonymGroup",
    "WordStart",
]
