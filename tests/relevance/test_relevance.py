"""Who knows what a document says finds it: the reader's search against bm25s, on public texts in three languages.

`make relevance` runs all of it, on both databases; `make test` a hundred queries in English.
"""

import pytest
from django.conf import settings
from django.db import connection

from tests.relevance import archive, asking, ledger, manuals, office, reference
from tests.relevance.items import LANGUAGES, in_order, reported
from tests.relevance.measures import interval, recall, reciprocal
from tests.relevance.packages import Unavailable

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CORPORA = {"manuals": manuals, "office": office}
WHOLE = ledger.IS_WHOLE
QUERIES = 500 if WHOLE else 100
DOCUMENTS = None if WHOLE else 400
# A hundred queries say little: they only show that nothing is broken.
MOST_WORSE = -0.03 if WHOLE else -0.1


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", CORPORA if WHOLE else ["manuals"])
def test_readers_find_what_bm25_finds(name):
    languages = LANGUAGES if WHOLE else ["en"]
    try:
        items = in_order(CORPORA[name].items(languages))[:DOCUMENTS]
    except Unavailable as reason:
        if WHOLE:
            raise
        pytest.skip(str(reason))
    assert set(languages) <= dict(settings.LANGUAGES).keys()
    archive.build(items)
    for language in languages:
        asked = reported(items, language)[: None if WHOLE else QUERIES]
        ours = asking.ranks(asked)
        theirs = reference.ranks([item for item in items if item.language == language], asked)
        low, high = interval(reciprocal(ours), reciprocal(theirs))
        print(
            f"\n{name} {language} {len(asked)} queries on {connection.vendor}: MRR@10 {reciprocal(ours).mean():.3f}, "
            f"bm25s {reciprocal(theirs).mean():.3f}, interval {low:+.3f} to {high:+.3f}, recall@10 {recall(ours):.3f}"
        )
        ledger.write(corpus=name, language=language, **{connection.vendor: ours, "bm25s": theirs})
        assert len(asked) >= QUERIES
        assert low > MOST_WORSE
