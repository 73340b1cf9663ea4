"""From what a reader typed to words that any search engine takes."""

import re
import unicodedata

MAX_CHARACTERS = 120
MAX_WORDS = 8
WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def clean(text):
    """Return the query as shown back to the reader: printable, one line, at most 120 characters."""
    text = unicodedata.normalize("NFKC", str(text))
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:MAX_CHARACTERS].strip()


def words(text):
    """Return at most eight words of a cleaned query, without anything that an engine could take for syntax."""
    found = []
    for match in WORD.findall(text):
        found += re.split(r"['’\-]", match)
    return [word for word in found if word][:MAX_WORDS]
