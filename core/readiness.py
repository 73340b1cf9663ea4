"""Whether a draft may come before readers: the edit form says so, but not every way to publish goes through it."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.fields import StreamField

TITLES_SHOWN = 5


def refuse(pages):
    """Return an error message that names the pages whose latest draft is over or unfinished, or an empty text.

    Args:
        pages: pages that are about to be published.
    """
    drafts = [page.get_latest_revision_as_object() for page in pages if not page.alias_of_id]
    ended = [draft for draft in drafts if draft.expire_at and draft.expire_at <= timezone.now()]
    return naming(
        _("The date to expire has passed. Open it and choose “Set schedule” in the panel “Status”: %(titles)s"), ended
    ) or naming(
        _("Not ready for readers. Open it, press Publish, and the editor says what is missing: %(titles)s"),
        [draft for draft in drafts if not is_ready(draft)],
    )


def refuse_aliases(pages):
    """Return an error message that names the aliases of what stays hidden from readers, or an empty text.

    Args:
        pages: pages that are about to be published.
    """
    shown = {page.pk for page in pages}
    held = [page for page in pages if page.alias_of_id and not page.alias_of.live and page.alias_of_id not in shown]
    return naming(_("Shows a page that is not published, and goes live with it: %(titles)s"), held)


def naming(words, held):
    """Return a message with the titles of pages, or an empty text where there are none."""
    titles = ", ".join(page.get_admin_display_title() for page in held[:TITLES_SHOWN])
    return words % {"titles": titles} if held else ""


def is_ready(page):
    """Return whether a page would pass the edit form; a model's own validation does not look into its streams."""
    try:
        page.full_clean()
        for field in page._meta.get_fields():
            if isinstance(field, StreamField):
                field.stream_block.clean(getattr(page, field.name))
        # A page of no type, such as the root, has no rule of ours.
        getattr(page, "clean_for_readers", lambda: None)()
    except ValidationError:
        return False
    return True
