"""What search results can be narrowed to: each app declares its facets in ``AppConfig.ready()``.

A page says in ``search_facets`` which keys it counts for.
"""

from collections.abc import Callable
from dataclasses import dataclass


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
        values: a function from a language code to {key: Value}; None where each key is its own name.
        addresses: a function from a language code to {key: address} of the lists of all that has a value; to who types
            the name of such a value, its list is suggested.
        is_shown: whether each result says its value.
    """

    name: str
    label: str
    values: Callable | None = None
    addresses: Callable | None = None
    is_shown: bool = False

    def value(self, key, language):
        """Return the Value of a key for readers of a language, or None where there is none."""
        return self.values(language).get(key) if self.values else Value(key, key)

    def key(self, slug, language):
        """Return the key that an address names, or None."""
        known = self.values(language).items() if self.values else [(slug, Value(slug, slug))]
        return next((key for key, value in known if value.slug == slug), None)


_facets = {}


def register(facet):
    """Add a facet; those of one name replace one another."""
    _facets[facet.name] = facet


def declared():
    """Return all facets, in the order in which they were registered."""
    return list(_facets.values())
