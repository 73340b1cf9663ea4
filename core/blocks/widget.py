"""The widget of a StreamField, whose definition is packed once."""

from functools import cache

from django.utils.translation import get_language
from wagtail.admin.forms.models import register_form_field_override
from wagtail.blocks.base import BlockWidget
from wagtail.fields import StreamField


class PackedBlockWidget(BlockWidget):
    """Wagtail's widget, which keeps what an editor's browser is told of its blocks.

    That is the same for everybody in a language, but for random names that need to be unique only within their list.
    Wagtail makes it anew for each edit page and each draft that saves itself, which is a third of what they cost.
    """

    def __init__(self, block_def, attrs=None):
        super().__init__(block_def, attrs)
        # By language; the copies that forms make of a widget have the same.
        self.packed = {}

    def _build_block_json(self):
        language = get_language()
        if language not in self.packed:
            super()._build_block_json()
            self.packed[language] = self._js_context, self._block_json
        self._js_context, self._block_json = self.packed[language]


@cache
def _options(field):
    return {"widget": PackedBlockWidget(field.stream_block)}


def register():
    """Make it the widget of all StreamFields in the admin."""
    register_form_field_override(StreamField, override=_options)
