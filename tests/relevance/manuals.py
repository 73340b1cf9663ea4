"""The manual pages of Linux in three languages: who knows what a page does looks for it."""

import gzip
import re

from tests.relevance import troff
from tests.relevance.items import Item, distinct, shorten
from tests.relevance.packages import unpacked

PACKAGES = {
    "en": ("manpages", "manpages-dev"),
    "fr": ("manpages-fr", "manpages-fr-dev"),
    "de": ("manpages-de", "manpages-de-dev"),
}
# Bytes of a page that hold the words which are kept of it.
ENOUGH = 40_000


def items(languages):
    """Return an item for each page: its one line of description is the query, the rest the document."""
    return distinct(
        item
        for language in languages
        for name in PACKAGES[language]
        for path in sorted(unpacked(name).rglob("usr/share/man/**/man*/*.gz"))
        if not path.is_symlink() and (item := _item(path, language))
    )


def _item(path, language):
    name, section = path.name.removesuffix(".gz").rsplit(".", 1)
    parts = troff.sections(gzip.decompress(path.read_bytes())[:ENOUGH].decode(errors="replace"))
    # "open, creat - open and possibly create a file"; a page that only points to another one has no parts.
    match = parts and re.match(r".{1,200}? [-–—]+ (.+)", parts[0][1])
    if not match:
        return None
    body = " ".join(f"{heading} {text}" for heading, text in parts[1:])
    return Item(f"{name}({section})", language, f"{name}({section})", shorten(body), match[1])
