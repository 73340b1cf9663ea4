"""What translators put in the place of a value that is taken over from the source.

An address must be one, and what is chosen must be there.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from wagtail.blocks import ListBlock
from wagtail.fields import StreamField
from wagtail.whitelist import check_url


def fault_in(segment, value):
    """Return what is wrong with a value, in the words of the form of the source, or an empty string.

    Args:
        segment: the ``OverridableSegment``.
        value: the text that is to stand in its place.
    """
    if segment.context.path.endswith("'"):
        # The address of a link in rich text stands in quotes at the end of the path.
        return "" if check_url(value) is not None else str(URLValidator.message)
    model = segment.source.specific_content_type.model_class()
    field = _form_field(model, *segment.context.field_path.split("."))
    try:
        if isinstance(field, forms.URLField | forms.EmailField):
            field.run_validators(value.strip())
        elif isinstance(field, forms.ModelChoiceField) and field.to_python(value) is None:
            return str(field.error_messages["required"])
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _form_field(model, name, *inside):
    """Return the form's field for a value in a body, or for what is chosen anywhere; None for other values."""
    field = model._meta.get_field(name)
    if field.one_to_many:
        return _form_field(field.related_model, *inside)
    if field.many_to_one:
        return field.formfield()
    block = field.stream_block if isinstance(field, StreamField) else None
    for part in inside if block else ():
        block = block.child_block if isinstance(block, ListBlock) else block.child_blocks[part]
    return getattr(block, "field", None)
