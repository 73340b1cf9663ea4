"""Arabic words without article and endings: the light stemmer Light10 of Larkey, Ballesteros and Connell (2007).

Snowball's Arabic stemmer leaves the article on some words and takes a letter off others, so that the singular of a
word is not found by its plural.
"""

# Letters that writers use for one another, as they are after marks and hamzas are gone.
LETTERS = str.maketrans({"ة": "ه", "ى": "ي", "ک": "ك", "ی": "ي", "ـ": None, "ٱ": "ا"})
ARTICLES = ("وال", "بال", "كال", "فال", "ولل", "ال", "لل")
ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
SHORTEST = 2


def without_article(word):
    """Return a folded word without the article that it begins with, if any."""
    for article in ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= SHORTEST:
            return word[len(article) :]
    return word


def stem(word):
    """Return the stem of a folded word.

    Args:
        word: one word in Arabic letters, without marks.
    """
    word = without_article(word.translate(LETTERS))
    # An "and"; without the article it can be the first letter, and then goes in both forms.
    if word.startswith("و") and len(word) > SHORTEST + 1:
        word = word[1:]
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            word = word[: -len(ending)]
    return word
