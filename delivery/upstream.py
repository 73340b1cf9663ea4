"""What Wagtail 8.0.1 does wrong where two do something at once, or a process ends on its way, mended in one place.

``delivery/tests/test_upstream.py`` shows each fault on the method that was replaced, so that an entry can go when
Wagtail has mended it.
"""

from copy import copy
from functools import wraps

from django.db import transaction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import PageViewRestriction

# Acts that are committed step by step. A process that ends in between leaves a page withdrawn or closed that readers
# still get, for the generation moves last; or new words that no translation, list or log has heard of.
ONE_ACT = (
    # The page or snippet, what follows from it by signals, its workflow, its aliases and the log.
    # https://github.com/wagtail/wagtail/blob/v8.0.1/wagtail/actions/publish_revision.py#L174
    (PublishRevisionAction, "execute"),
    # The page, its revisions, its aliases and the log; of a section that is withdrawn, each page by itself.
    # https://github.com/wagtail/wagtail/blob/v8.0.1/wagtail/actions/unpublish.py#L77
    (UnpublishAction, "execute"),
    # The restriction, and what follows from it by signals.
    # https://github.com/wagtail/wagtail/blob/v8.0.1/wagtail/models/pages.py#L2620
    (PageViewRestriction, "save"),
)


def mend():
    """Replace the methods, once when Django starts; the former ones stay as their ``__wrapped__``."""
    for owner, name in ONE_ACT:
        setattr(owner, name, transaction.atomic(getattr(owner, name)))
    ContentstateConverter.from_database_format = with_a_parser_of_its_own(ContentstateConverter.from_database_format)


def with_a_parser_of_its_own(method):
    """Return ``from_database_format`` for editors who open a page at the same moment.

    All threads of a process share a block's converter and its one parser, so that either got an error, or text of the
    other's page in the form. https://github.com/wagtail/wagtail/issues/14573
    """

    @wraps(method)
    def from_database_format(self, html):
        own = copy(self)
        own.html_to_contentstate_handler = copy(self.html_to_contentstate_handler)
        return method(own, html)

    return from_database_format
