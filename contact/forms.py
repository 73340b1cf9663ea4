"""The form that readers write to us with."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import AddressForm

MESSAGE_LIMIT = 10_000


class EnquiryForm(AddressForm):
    """A message to the team."""

    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    message = forms.CharField(
        label=_("Your message"),
        max_length=MESSAGE_LIMIT,
        error_messages={
            "required": _("Write your message."),
            "max_length": _("Your message is too long: %(show_value)d characters. At most %(limit_value)d fit here."),
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    field_order = ["name", "email", "message"]
