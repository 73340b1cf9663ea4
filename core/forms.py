"""What the forms of readers have in common."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core import addresses

LONGEST_ADDRESS = 254
# Hyphens, dashes and the sign for minus.
DASH = re.compile(r"[\u2010-\u2015\u2212]")
INVALID_ADDRESS = _("Enter an e-mail address in full, such as name@example.org.")
INVALID_TELEPHONE = _("Enter a telephone number, such as 020 7946 0000.")
TOO_LONG = _("This is too long: %(show_value)d characters. At most %(limit_value)d fit here.")


def without_marks(text):
    """Return a text without the characters that nobody sees, such as the marks of direction of an address book."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf").strip()


class LineField(forms.CharField):
    """Words in one line: line ends and runs of spaces become one space, so that no header is made of them."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class ParagraphsField(forms.CharField):
    """Words in lines. A line end counts as one character, as in the browser, which sends two."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class TelephoneField(LineField):
    """A telephone number in any usual spelling."""

    widget = forms.TelInput
    default_validators = [RegexValidator(r"\A(?=(?:\D*\d){3})[-+\d\s()./#*x]+\Z", INVALID_TELEPHONE)]

    def __init__(self, **options):
        super().__init__(max_length=40, **options)

    def to_python(self, value):
        return DASH.sub("-", without_marks(super().to_python(value)))


class AddressField(forms.EmailField):
    """An e-mail address."""

    def to_python(self, value):
        return without_marks(super().to_python(value))


class AddressForm(forms.Form):
    """An e-mail address; ``website`` is a field that only a machine fills in, ``opened`` says when it was begun."""

    email = AddressField(
        label=_("Your e-mail address"),
        max_length=LONGEST_ADDRESS,
        error_messages={
            "required": _("Enter your e-mail address, so that we can answer."),
            "invalid": INVALID_ADDRESS,
            "max_length": TOO_LONG,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # Whatever stands in these two is a sign, and never an error: nobody sees them.
    website = forms.Field(required=False, widget=forms.HiddenInput)
    opened = forms.Field(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def clean_email(self):
        address = addresses.normal(self.cleaned_data["email"])
        # What a mail server cannot be told, in ASCII and within the length that it takes, is no address.
        if not address.isascii() or len(address) > LONGEST_ADDRESS:
            raise ValidationError(INVALID_ADDRESS, code="invalid")
        return address
