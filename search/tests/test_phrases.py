"""Words in quotation marks are found as they stand, wherever they stand in a text, and the same on both databases."""

from zlib import crc32

import pytest
from django.db.models.expressions import RawSQL

from core.models import Document
from search import engine, indexing
from search.engine.expression import Phrase, Without
from search.models import Entry
from tests.factories import body_of, make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FREQUENT, RARE = ("the", "of", "and"), tuple(f"w{number}" for number in range(400))


def entry_of(body, title=("title",)):
    """Return an entry that readers find, with these tokens."""
    kind = indexing.type_of(Document)
    entry = Entry.objects.create(content_type=kind, object_id="1", language="en", is_listed=True, length=len(body))
    engine.write(entry.pk, list(title), list(body))
    return entry


def is_found(entry, expression, in_title=False):
    """Return whether an entry is found, which all ways to ask agree on."""
    found = Entry.objects.filter(pk=entry.pk, pk__in=RawSQL(*engine.matching(expression, in_title))).exists()  # noqa: S611
    assert found is ("1" in engine.scores(expression, entry.content_type_id, in_title))
    assert in_title or found is (entry.pk in {hit[0] for hit in engine.hits(expression, "en")})
    return found


def mixed(number):
    """Return a number below 2³² that looks like chance."""
    return crc32(b"%d" % number)


def test_a_phrase_is_found_wherever_it_stands():
    numbers = [mixed(number) for number in range(50_000)]
    body = [FREQUENT[number % 3] if number % 5 == 0 else RARE[number % len(RARE)] for number in numbers]
    entry = entry_of(body)
    # Where PostgreSQL's own places of words end, and ours.
    edges = [edge + around for edge in (15_998, 16_381, 31_996, 32_000, 47_998) for around in range(-6, 4)]
    starts = [*edges, *(number % 49_990 for number in numbers[:150]), 49_994]
    there = {(*body[start : start + length],) for start in starts for length in (2, 3, 6)}
    other = {(FREQUENT[number % 3], FREQUENT[number % 2], RARE[number % 400]) for number in numbers[:80]}
    rows = list(zip(*(body[shift:] for shift in range(3)), strict=False))
    assert not [phrase for phrase in there if not is_found(entry, Phrase(phrase))]
    assert {phrase for phrase in other if is_found(entry, Phrase(phrase))} == other & set(rows)


def test_words_that_stand_apart_in_a_long_text_are_no_phrase():
    entry = entry_of(["of", "the"] * 300 + ["w1", "of", "state"] + ["w2"] * 16_000 + ["w3", "the", "w4"], ["w5"])
    for phrase in (("the", "w1", "of", "state"), ("w3", "the", "w4"), ("w2", "w3")):
        assert is_found(entry, Phrase(phrase))
    for phrase in (("w1", "state"), ("the", "state"), ("w3", "w4"), ("the", "w4", "w3"), ("w5", "of")):
        assert not is_found(entry, Phrase(phrase))
    assert not is_found(entry, Without(Phrase(("w4",)), Phrase(("w3", "the"))))
    assert is_found(entry, Without(Phrase(("w4",)), Phrase(("w3", "w4"))))
    assert is_found(entry, Phrase(("w5",)), in_title=True)
    assert not is_found(entry, Phrase(("of", "the")), in_title=True)


def test_readers_find_the_last_words_of_a_long_report(client, site):
    words = "of the harbour " * 5_600 + "said the Secretary of State for Transport"
    make_article(site, "Report", body=body_of([{"type": "paragraph", "value": f"<p>{words}</p>"}]))
    for typed, number in (("secretary of state for transport", 1), ("the secretary of state", 1), ("state of the", 0)):
        assert len(client.get("/search/", {"q": f'"{typed}"'}).context["rows"]) == number, typed
