"""No page can take an address that Portal uses itself."""

import re

from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern

from core.models.pages import TOP_LEVEL_WORDS

# Answered before the addresses are looked at, or only where a provider of mail is set up.
NOT_IN_URLS = {"healthz", "readyz", "static", "anymail"}
FIRST_WORD = re.compile(r"\^?(?:\(\?:([\w-]+)/\)\?)?([\w-]+)(?:/|$)")


def top_level():
    """Yield the patterns of the whole site, those below a language's prefix among them."""
    for entry in get_resolver().url_patterns:
        yield from entry.url_patterns if isinstance(entry.pattern, LocalePrefixPattern) else [entry]


def test_the_words_that_addresses_begin_with_are_reserved_and_no_others():
    words = set()
    for entry in top_level():
        text = str(entry.pattern)
        if found := FIRST_WORD.match(text):
            words |= {word for word in found.groups() if word}
        else:
            # The pages themselves, or a file: no slug has a dot.
            assert entry.name == "wagtail_serve" or "." in text, text
    assert words | NOT_IN_URLS == TOP_LEVEL_WORDS
