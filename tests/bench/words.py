"""Made-up words whose frequencies are those of a language: few very common ones, many rare ones (Zipf)."""

import random
from functools import cache

VOCABULARY = 20_000
SYLLABLES = {
    "en": "ba be bo da de do fa fe ga ka ke ko la le lo ma me mo na ne no pa pe ra re ro sa se ta te to va",
    "cy": "ba ce chwa dda dwy ffa gwe la lle lyn ma mwy na ny pa ra rhe sa ta thu wy ydd",
    "ar": "با تا ثو جا حي خا دا ري زا سا شو صا ضي طا عا غا فا قي كا لا ما نا",
}


@cache
def vocabulary(language):
    """Return 20,000 different words of a language, the most frequent first, and their weights."""
    dice = random.Random(language)  # noqa: S311 - the same on every machine
    syllables, words = SYLLABLES[language].split(), {}
    while len(words) < VOCABULARY:
        words["".join(dice.choices(syllables, k=dice.randint(2, 5)))] = True
    return list(words), [1 / (place + 3) for place in range(VOCABULARY)]
