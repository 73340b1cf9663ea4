"""Who knows what a document says finds it: the reader's search against bm25s, on public texts in three languages.

`make relevance` runs all of it, on both databases; `make test` a hundred queries in English.
"""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.relevance import archive, asking, manuals, office, reference
from tests.relevance.items import LANGUAGES, in_order, reported
from tests.relevance.measures import interval, recall, reciprocal
from tests.relevance.packages import Unavailable

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CORPORA = {"manuals": manuals, "office": office}
# Where the whole run leaves its ranks, for the table and the gap between the databases.
RANKS = os.environ.get("RELEVANCE")
FEWEST, WORSE = 500, -0.03
SHORT_DOCUMENTS, SHORT, SHORT_WORSE = 400, 100, -0.05


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", CORPORA if RANKS else ["manuals"])
def test_readers_find_what_bm25_finds(name):
    try:
        items = CORPORA[name].items(LANGUAGES if RANKS else ["en"])
    except Unavailable as reason:
        if RANKS:
            raise
        pytest.skip(str(reason))
    if not RANKS:
        items = in_order(items)[:SHORT_DOCUMENTS]
    archive.build(items)
    for language in LANGUAGES if RANKS else ["en"]:
        assert language in dict(settings.LANGUAGES)
        asked = reported(items, language)[: None if RANKS else SHORT]
        ours = asking.ranks(asked)
        theirs = reference.ranks([item for item in items if item.language == language], asked)
        low, high = interval(reciprocal(ours), reciprocal(theirs))
        difference = reciprocal(ours).mean() - reciprocal(theirs).mean()
        print(
            f"\n{name} {language} {len(asked)} queries on {connection.vendor}: MRR@10 {reciprocal(ours).mean():.3f}, "
            f"bm25s {reciprocal(theirs).mean():.3f}, interval {low:+.3f} to {high:+.3f}, recall@10 {recall(ours):.3f}"
        )
        keep(name, language, ours, theirs)
        assert len(asked) >= FEWEST if RANKS else SHORT
        assert low > WORSE if RANKS else difference > SHORT_WORSE


def keep(name, language, ours, theirs):
    if RANKS:
        line = {"corpus": name, "language": language, connection.vendor: ours, "bm25s": theirs}
        with Path(RANKS).open("a") as file:
            file.write(json.dumps(line) + "\n")
