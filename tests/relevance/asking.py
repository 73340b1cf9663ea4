"""The reader's search, asked as the results page asks it."""

from search import query, results
from tests.relevance.archive import slug_of
from tests.relevance.measures import DEPTH
from tests.relevance.reference import rank_of


def ranks(asked):
    """Return at which place readers are shown the document of each query, or None.

    Args:
        asked: the items whose queries are put, each by a reader of its language.
    """
    return [rank_of(slug_of(item), _found(item)) for item in asked]


def _found(item):
    """Return the slugs of the articles on the first page."""
    question = results.Question(typed=query.clean(item.query), language=item.language)
    answer = results.find(question, per_page=DEPTH)
    return [row["url"].rstrip("/").rsplit("/", 1)[-1] for row in answer.rows] if answer else []
