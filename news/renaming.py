"""Lists under a term keep their old addresses: a redirect leads on when its word in the address becomes another.

That is the slug of a topic, author or kind in a language, or that of another language's words while it has none.
"""

from contextlib import contextmanager

from django.db import transaction

from delivery import redirects
from news import taxonomy
from news.addresses import indexes


@contextmanager
def followed(*terms):
    """Record where the lists under some terms have gone after what is done to them."""
    with transaction.atomic():
        former = [_routes(term) for term in terms]
        yield
        for term, before in zip(terms, former, strict=True):
            _record(before, _routes(term))


def _routes(term):
    return taxonomy.routes(taxonomy.family_of(term), term.translation_key)


def _record(before, after):
    changed = [language for language in before.keys() & after.keys() if before[language] != after[language]]
    for language in changed:
        if index := indexes().get(language):
            redirects.record(index["id"], index["url"], before[language], after[language])
