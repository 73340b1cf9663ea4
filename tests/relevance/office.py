"""The help of LibreOffice in three languages: pages with headlines, looked for by the entries of its index."""

import re
from collections import Counter
from html import unescape

from tests.relevance.items import Item, distinct, number_of, shorten
from tests.relevance.packages import unpacked

CODES = {"en": "en-US", "fr": "fr", "de": "de"}
HEADLINE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)
ENTRY = re.compile(r'<meta itemprop="keywords" content="([^"]*)">')
TEXT = re.compile(r'<div id="DisplayArea".*?(?=<div id="SearchFrame">)', re.S)
HIDDEN = re.compile(r'<meta[^>]*>|<div class="relatedtopics">.*|<(span)[^>]*hidden="true"[^>]*>[^<]*(?:<[^>]*>)?', re.S)
REFERRING = re.compile(r"\b(?:see|voir|siehe)\b")
TAG = re.compile(r"<[^>]*>")


def items(languages):
    """Return an item for each page in the index: one of its entries there is the query, by the name of the page."""
    found = []
    for language in languages:
        code = CODES[language]
        root = unpacked(f"libreoffice-help-{code.lower()}") / "usr/share/libreoffice/help" / code / "text"
        pages = {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*.html"))}
        places = Counter(entry for page in pages.values() for entry in set(_entries(page)))
        once = {entry for entry, count in places.items() if count == 1 and not REFERRING.search(entry)}
        found += [item for key, page in pages.items() if (item := _item(key, language, page, once))]
    return distinct(found)


def _entries(page):
    """Return "footnotes inserting and editing" for an entry and what it says under that."""
    return [re.sub(r"[\s,;]+", " ", unescape(entry)).strip() for entry in ENTRY.findall(page)]


def _item(key, language, page, once):
    headline, text = HEADLINE.search(page), TEXT.search(page)
    entries = sorted({entry for entry in _entries(page) if entry in once})
    if not (headline and text and entries):
        return None
    body = HEADLINE.sub(" ", HIDDEN.sub(" ", text[0]))
    query = entries[number_of(key) % len(entries)]
    return Item(key, language, _plain(headline[1]), shorten(_plain(body)), query)


def _plain(html):
    return " ".join(unescape(TAG.sub(" ", html)).split())
