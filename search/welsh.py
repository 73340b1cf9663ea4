"""Welsh words whatever their initial mutation and number.

A Welsh word changes its first letter after others: pobl, bobl, mhobl and phobl are one word. Which letter it was cannot
always be told from the changed one (f may have been b or m), so all letters that can become one another are written as
one: p, b and m; t, d and n; c and g, which may also have vanished. Rules: Peter Wynn Thomas, Gramadeg y Gymraeg.
"""

# What each beginning stands for; the longest first. A vowel may have lost its g.
BEGINNINGS = (
    ("ngh", ""),
    ("mh", "p"),
    ("nh", "t"),
    ("ng", ""),
    ("ph", "p"),
    ("th", "t"),
    ("ch", ""),
    ("dd", "t"),
    ("ff", "ff"),
    ("ll", "l"),
    ("rh", "r"),
    ("p", "p"),
    ("b", "p"),
    ("f", "p"),
    ("m", "p"),
    ("t", "t"),
    ("d", "t"),
    ("n", "t"),
    ("c", ""),
    ("g", ""),
    # After "her" and "our" a vowel has an h.
    *((f"h{vowel}", vowel) for vowel in "aeiouwy"),
)
# Endings of the plural and of doers; the longest first, each with the least that must be left.
ENDINGS = (
    *((ending, 3) for ending in ("iadau", "iaethau", "feydd", "oedd", "iaid", "iau", "wyr", "ion", "au")),
    *((ending, 4) for ending in ("aeth", "ydd", "edd", "iad", "od", "on", "wr", "i")),
)
# A rest shorter than this could be any word.
SHORTEST_REST = {"": 3, "p": 2, "t": 2}


def stem(word):
    """Return what all mutations of a folded word, singular and plural, have in common.

    Args:
        word: one word in small letters without accents.
    """
    return _without_endings(_unmutated(word))


def _unmutated(word):
    for beginning, letter in BEGINNINGS:
        rest = word[len(beginning) :]
        if word.startswith(beginning) and len(rest) >= SHORTEST_REST.get(letter, 1):
            return letter + rest
    return word


def _without_endings(word):
    """Take endings off until none is left: gwasanaethau, gwasanaeth."""
    for ending, least in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return _without_endings(word[: -len(ending)])
    return word.removesuffix("n") if word.endswith("nn") else word
