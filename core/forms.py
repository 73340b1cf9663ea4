"""What the forms of readers have in common."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core import addresses


class AddressForm(forms.Form):
    """An e-mail address; ``website`` is a field that only a machine fills in, ``opened`` says when it was begun."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Enter your e-mail address, so that we can answer."),
            "invalid": _("Enter an e-mail address in full, such as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def clean_email(self):
        return addresses.normal(self.cleaned_data["email"])
