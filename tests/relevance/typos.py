"""Words of a corpus with one slip of the finger each."""

import random
import re
from collections import Counter

SHORTEST = 5
LEAST_DOCUMENTS = 3
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# A capital here begins no sentence.
NAME = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ][^\W\d_]+")
SLIPS = ("insert", "delete", "substitute", "transpose")


def words(items):
    """Return (terms, names) of documents, sorted: words of five letters or more that three documents have.

    A name is a word that is written with a capital inside sentences, and never without.
    """
    documents, capitals = Counter(), set()
    for item in items:
        text = f"{item.title}. {item.body}"
        documents.update(set(WORD.findall(text)))
        capitals.update(NAME.findall(text))
    many = [word for word, count in documents.items() if len(word) >= SHORTEST and count >= LEAST_DOCUMENTS]
    names = {word for word in many if word in capitals and not documents[word.lower()]}
    return sorted(word for word in many if word.isalpha() and word.islower()), sorted(filter(str.isalpha, names))


def slips(chosen, can_be_seen, seed):
    """Return (typed, meant) for words, each with one slip.

    Args:
        chosen: the words that are meant.
        can_be_seen: says of (typed, meant) whether it is a slip: neither another word nor found as it is.
        seed: of the chance by which letters are chosen.
    """
    chance = random.Random(seed)  # noqa: S311 - for a test set, not for a secret
    made = []
    for word in chosen:
        tries = (_slip(word, chance) for _try in range(20))
        made += [(typed, word) for typed in tries if can_be_seen(typed, word)][:1]
    return made


def _slip(word, chance):
    """Return a word with a letter too many, too few, wrong, or two that changed places; the first stays."""
    kind, place = chance.choice(SLIPS), chance.randrange(1, len(word) - 1)
    before, rest = word[:place], word[place:]
    if kind == "insert":
        return before + chance.choice(LETTERS) + rest
    if kind == "delete":
        return before + rest[1:]
    if kind == "substitute":
        return before + chance.choice(LETTERS) + rest[1:]
    return before + rest[1] + rest[0] + rest[2:]
