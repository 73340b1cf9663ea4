"""What an editor builds the enquiry form of; a field is known by its block's id, the same in every language."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StreamBlock, StructBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from core.forms import TOO_LONG, LineField, ParagraphsField, TelephoneField

ODD_CHOICE = _("Choose from what stands here.")


class FieldBlock(StructBlock):
    """What every field has; ``core`` columns of an enquiry, such as the e-mail address, are not built here."""

    label = CharBlock(max_length=120, label=_("Label"))
    help_text = CharBlock(
        required=False, max_length=250, label=_("Help"), help_text=_("Stands between label and field.")
    )
    is_required = BooleanBlock(required=False, label=_("An answer is required"))

    def form_field(self, value):
        """Return the form field that a reader fills in, for a value of this block."""
        messages = {"required": _("Please answer: %(label)s") % {"label": value["label"]}, "max_length": TOO_LONG}
        return self.make_field(
            value,
            label=value["label"],
            help_text=value["help_text"] or "",
            required=bool(value["is_required"]),
            error_messages=messages | self.error_messages,
        )

    error_messages = {}

    def make_field(self, value, **options):
        raise NotImplementedError

    def answer(self, value, cleaned):
        """Return an answer in words, and the ids of what was chosen."""
        return str(cleaned), []


class LineBlock(FieldBlock):
    def make_field(self, value, **options):
        return LineField(max_length=250, **options)

    class Meta:
        icon = "pilcrow"
        label = _("One line")


class ParagraphsBlock(FieldBlock):
    def make_field(self, value, **options):
        return ParagraphsField(max_length=5_000, **options)

    class Meta:
        icon = "doc-full"
        label = _("Several lines")


class TelephoneBlock(FieldBlock):
    def make_field(self, value, **options):
        return TelephoneField(**options)

    class Meta:
        icon = "mobile-alt"
        label = _("Telephone number")


class NumberBlock(FieldBlock):
    error_messages = {"invalid": _("Enter a number, such as 12 or 3.5.")}

    def make_field(self, value, **options):
        return forms.DecimalField(max_digits=20, decimal_places=6, **options)

    def answer(self, value, cleaned):
        return f"{cleaned:f}", []

    class Meta:
        icon = "order"
        label = _("Number")


class DateBlock(FieldBlock):
    error_messages = {"invalid": _("Enter a date as year, month and day, such as 2027-03-31.")}

    def make_field(self, value, **options):
        # As browsers send it. What is typed where they have no such field is read one way in every language.
        return forms.DateField(input_formats=["%Y-%m-%d"], **options)

    class Meta:
        icon = "date"
        label = _("Date")


def choices_of(value):
    """Return the choices of a field as (id, words)."""
    return [(item.id or str(place), item.value) for place, item in enumerate(value["choices"].bound_blocks)]


class OneOfBlock(FieldBlock):
    error_messages = {"invalid_choice": ODD_CHOICE}
    choices = ListBlock(CharBlock(max_length=120), min_num=2, max_num=30, label=_("Choices"))

    def make_field(self, value, **options):
        return forms.ChoiceField(choices=choices_of(value), widget=forms.RadioSelect, **options)

    def answer(self, value, cleaned):
        return dict(choices_of(value))[cleaned], [cleaned]

    class Meta:
        icon = "radio-full"
        label = _("One of several")


class AnyOfBlock(FieldBlock):
    error_messages = {"invalid_choice": ODD_CHOICE, "invalid_list": ODD_CHOICE}
    choices = ListBlock(CharBlock(max_length=120), min_num=1, max_num=30, label=_("Choices"))

    def make_field(self, value, **options):
        return forms.MultipleChoiceField(choices=choices_of(value), widget=forms.CheckboxSelectMultiple, **options)

    def answer(self, value, cleaned):
        chosen = [(key, words) for key, words in choices_of(value) if key in cleaned]
        return "\n".join(words for _key, words in chosen), [key for key, _words in chosen]

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
