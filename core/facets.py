"""What search results can be narrowed to: each app declares its facets in ``AppConfig.ready()``.

A page says in ``search_facets`` which keys it counts for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Value:
    """One choice of a facet, as readers of a language see it.

    Attributes:
        label: its name.
        slug: how addresses name it.
        words_language: the language of the name.
    """

    label: str
    slug: str
    words_language: str | None = None


@dataclass(frozen=True)
class Facet:
    """What results can be narrowed by.

    Attributes:
        name: of the parameter in addresses, and of its codes in the index.
        label: its heading, translated when it is shown.
        values: a function from a language code to {key: Value}; None where the keys are years.
        addresses: a function from a language code to {key: address} of the lists of all that has a value; to who types
            the name of such a value, its list is suggested.
        is_shown: whether each result says its value.
    """

    name: str
    label: str
    values: Callable | None = None
    addresses: Callable | None = None
    is_shown: bool = False

    def named(self, keys, language):
        """Return {key: Value} of those keys that readers of a language have a name for."""
        if self.values is None:
            return {key: Value(key, key) for key in keys if YEAR.fullmatch(key)}
        known = self.values(language)
        return {key: known[key] for key in keys if key in known}

    def key(self, slug, language):
        """Return the key that an address names, or None."""
        known = self.values(language) if self.values else self.named([slug], language)
        return next((key for key, value in known.items() if value.slug == slug), None)


_facets = {}


def register(facet):
    """Add a facet; those of one name replace one another."""
    _facets[facet.name] = facet


def declared():
    """Return all facets, in the order in which they were registered."""
    return list(_facets.values())
