"""Lists under a term keep their old addresses: a redirect leads on when its word in the address becomes another.

That is the slug of a topic, author or kind in a language, or that of another language's words while it has none.
"""

from contextlib import contextmanager

from django.db import transaction

from delivery import redirects
from news import taxonomy
from news.addresses import indexes


@contextmanager
def followed(model):
    """Record where lists have gone after what is done to terms of a model, whichever terms it is done to."""
    with transaction.atomic():
        before = taxonomy.routes(model)
        yield
        after = taxonomy.routes(model)
        taken = {(language, route) for (language, _key), route in after.items()}
        for (language, key), old in before.items():
            new, index = after.get((language, key), old), indexes().get(language)
            # Where another list stands now, no redirect is asked.
            if old != new and index and (language, old) not in taken:
                redirects.record(index["id"], index["url"], old, new)
