"""What an editor builds the enquiry form of; a field is known by its block's id, the same in every language."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StreamBlock, StructBlock
from wagtail.snippets.blocks import SnippetChooserBlock


class FieldBlock(StructBlock):
    """What every field has; ``core`` columns of an enquiry, such as the e-mail address, are not built here."""

    label = CharBlock(max_length=120, label=_("Label"))
    help_text = CharBlock(
        required=False, max_length=250, label=_("Help"), help_text=_("Stands between label and field.")
    )
    is_required = BooleanBlock(required=False, label=_("An answer is required"))


class LineBlock(FieldBlock):
    class Meta:
        icon = "pilcrow"
        label = _("One line")


class ParagraphsBlock(FieldBlock):
    class Meta:
        icon = "doc-full"
        label = _("Several lines")


class TelephoneBlock(FieldBlock):
    class Meta:
        icon = "mobile-alt"
        label = _("Telephone number")


class NumberBlock(FieldBlock):
    class Meta:
        icon = "order"
        label = _("Number")


class DateBlock(FieldBlock):
    class Meta:
        icon = "date"
        label = _("Date")


class OneOfBlock(FieldBlock):
    choices = ListBlock(CharBlock(max_length=120), min_num=2, max_num=30, label=_("Choices"))

    class Meta:
        icon = "radio-full"
        label = _("One of several")


class AnyOfBlock(FieldBlock):
    choices = ListBlock(CharBlock(max_length=120), min_num=1, max_num=30, label=_("Choices"))

    class Meta:
        icon = "tick"
        label = _("Any of several")


class FormBlock(StreamBlock):
    """The fields that stand between name and message."""

    line = LineBlock()
    paragraphs = ParagraphsBlock()
    telephone = TelephoneBlock()
    number = NumberBlock()
    date = DateBlock()
    one_of = OneOfBlock()
    any_of = AnyOfBlock()

    class Meta:
        max_num = 20


class DepartmentBlock(StructBlock):
    """A department that readers may choose, under a name in their language."""

    department = SnippetChooserBlock("contact.Department", label=_("Department"))
    label = CharBlock(
        required=False, max_length=120, label=_("Name for readers"), help_text=_("The department's own name if empty.")
    )

    class Meta:
        icon = "group"
        label = _("Department")


class DepartmentsBlock(StreamBlock):
    department = DepartmentBlock()

    class Meta:
        max_num = 20
