"""Where Wagtail 8.0.1 commits step by step what is one act, mended in one place.

A process that ends in between leaves a page withdrawn or closed that readers still get: the generation moves last.
``delivery/tests/test_upstream.py`` shows each fault on the method that was replaced, so that an entry can go when
Wagtail has mended it.
"""

from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import PageViewRestriction

MENDED = (
    # The page, its revisions, its aliases and the log; of a section that is withdrawn, each page by itself.
    # https://github.com/wagtail/wagtail/blob/v8.0.1/wagtail/actions/unpublish.py#L77
    (UnpublishAction, "execute"),
    # The restriction, and what follows from it by signals.
    # https://github.com/wagtail/wagtail/blob/v8.0.1/wagtail/models/pages.py#L2620
    (PageViewRestriction, "save"),
)


def mend():
    """Replace the methods, once when Django starts; the former ones stay as their ``__wrapped__``."""
    for owner, name in MENDED:
        setattr(owner, name, transaction.atomic(getattr(owner, name)))
