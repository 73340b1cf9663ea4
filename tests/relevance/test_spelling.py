"""Whoever mistypes one letter of a name or a term is offered the right word."""

import random
from collections import Counter

import pytest
from django.db import connection

from search import spelling, text
from search.models import Entry
from tests.relevance import archive, ledger, office, typos
from tests.relevance.items import LANGUAGES, in_order
from tests.relevance.packages import Unavailable

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WORDS = 500 if ledger.IS_WHOLE else 150
SHORT_DOCUMENTS = 300
RIGHT = 0.95


@pytest.mark.timeout(900)
def test_one_slip_in_a_name_or_term_is_put_right():
    languages = LANGUAGES if ledger.IS_WHOLE else ["en"]
    try:
        items = office.items(languages)
    except Unavailable as reason:
        pytest.skip(str(reason))
    items = in_order(items)[: None if ledger.IS_WHOLE else SHORT_DOCUMENTS]
    archive.build(items)
    spelling.learn.call(list(Entry.objects.values_list("pk", flat=True)))
    shares = [offered_right(language, items) for language in languages]
    assert min(shares) >= RIGHT


def offered_right(language, items):
    """Return in what share of mistyped words the right one is offered, and print what is not."""
    mine = [item for item in items if item.language == language]
    known = {word for item in mine for word in text.folded(f"{item.title} {item.body}")}
    right, wrong = 0, []

    def can_be_seen(typed, meant):
        return text.fold(typed) not in known and not is_same(typed, meant, language)

    for kind, words in zip(("term", "name"), typos.words(mine), strict=True):
        chosen = random.Random(language).sample(words, min(WORDS, len(words)))  # noqa: S311
        for typed, meant in typos.slips(chosen, can_be_seen, seed=language):
            offered = spelling.correction(typed, language)
            is_right = offered is not None and is_same(offered, meant, language)
            right += is_right
            wrong += [] if is_right else [(kind, typed, meant, offered)]
    share = right / (right + len(wrong))
    kinds = Counter((kind, "nothing" if offered is None else "another word") for kind, _typed, _meant, offered in wrong)
    print(f"\n{language} on {connection.vendor}: {share:.1%} of {right + len(wrong)} put right; not: {dict(kinds)}")
    print("; ".join(f"{typed} for {meant}: {offered}" for _kind, typed, meant, offered in wrong[:40]))
    ledger.write(spelling=language, engine=connection.vendor, share=share, n=right + len(wrong))
    return share


def is_same(one, other, language):
    return text.analyse(one, language) == text.analyse(other, language)
