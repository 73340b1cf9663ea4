"""Parts of pages that many pages show alike, rendered once for all of them.

A part is remembered by everything that it shows, so it is never wrong and nothing has to be thrown away when the
content changes: what is no longer shown falls out in time.
"""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from delivery.bounded import Bounded

MOST_PARTS = 3_000

_parts = Bounded(MOST_PARTS)


def rendered(template, shown, **context):
    """Return a template as HTML, from memory where it was rendered with the same before.

    Args:
        template: its name. It may read what ``context`` says, the active language and the current time zone.
        shown: a hashable value that differs whenever the HTML would.
        context: what the template reads.
    """
    key = (template, shown, get_language(), timezone.get_current_timezone_name())
    return mark_safe(remembered(key, lambda: render_to_string(template, context)))  # noqa: S308 - a template's


def remembered(key, make):
    """Return what ``make`` returns, from memory where it was asked for the same key before."""
    try:
        return _parts[key]
    except KeyError:
        return _parts.keep(key, make())
