"""What Wagtail 8.0.1 does wrong where two do something at once, or a process ends on its way, mended in one place.

``delivery/tests/test_upstream.py`` shows each fault on the method that was replaced, so that an entry can go when
Wagtail has mended it.
"""

from copy import copy
from functools import partial, wraps

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.views.generic.mixins import CreateEditViewOptionalFeaturesMixin
from wagtail.admin.views.pages.edit import EditView
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
# What the forms of pages, and those of snippets, are saved in.
SAVES = ((EditView, "save_action"), (CreateEditViewOptionalFeaturesMixin, "save_instance"))


def mend():
    """Replace the methods, once when Django starts; the former ones stay as their ``__wrapped__``."""
    for owner, name in ONE_ACT:
        setattr(owner, name, transaction.atomic(getattr(owner, name)))
    for owner, name in SAVES:
        setattr(owner, name, not_over_what_is_newer(getattr(owner, name)))
    ContentstateConverter.from_database_format = with_a_parser_of_its_own(ContentstateConverter.from_database_format)


def not_over_what_is_newer(method):
    """Return the method of a view that saves a form; what was sent by the page itself then yields to any other version.

    Wagtail compares them before its transaction begins. What was on its way when somebody pressed "Save draft" took
    their last words back, and let them open a form whose rows were gone: it had topics and authors twice.
    https://github.com/wagtail/wagtail/issues/13863
    """

    @wraps(method)
    def save(self):
        if self.expects_json_response and self.latest_revision:
            self.form.save = partial(save_over, self.latest_revision, self.form.save)
        return method(self)

    return save


def save_over(known, save, commit=True):
    """Call a form's ``save`` if a version is still the latest one.

    Raises:
        PermissionDenied: There is another one, or this one has other words by now.
    """
    row = known.base_content_type.model_class()._base_manager.select_for_update().get(pk=known.object_id)
    if (row.latest_revision_id, row.latest_revision.created_at) != (known.pk, known.created_at):
        raise PermissionDenied(_("Saving will overwrite a newer version."))
    return save(commit=commit)


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
