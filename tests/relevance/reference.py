"""What Portal is compared with: bm25s over Snowball stems, title and body as one text."""

import logging

import bm25s
import Stemmer

from tests.relevance.measures import DEPTH

logging.getLogger("bm25s").setLevel(logging.WARNING)

STEMMERS = {"en": "english", "fr": "french", "de": "german"}


def ranks(items, asked):
    """Return at which place bm25s finds the document of each query, or None.

    Args:
        items: all documents of one language.
        asked: those whose queries are put.
    """
    language = items[0].language

    def tokens(texts):
        stemmer = Stemmer.Stemmer(STEMMERS[language])
        return bm25s.tokenize(texts, stopwords=language, stemmer=stemmer, show_progress=False)

    retriever = bm25s.BM25()
    retriever.index(tokens([f"{item.title} {item.body}" for item in items]), show_progress=False)
    keys = [item.key for item in items]
    found, _scores = retriever.retrieve(
        tokens([item.query for item in asked]), corpus=keys, k=DEPTH, show_progress=False
    )
    return [rank_of(item.key, row) for item, row in zip(asked, found, strict=True)]


def rank_of(key, keys):
    """Return the place of a key in a row of them, from 1, or None."""
    return list(keys).index(key) + 1 if key in keys else None
