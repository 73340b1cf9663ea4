"""The forms that readers fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

MESSAGE_LIMIT = 10_000


class NewsletterForm(forms.Form):
    """An address for the newsletter; ``website`` is a field that only a robot fills in."""

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

    use_required_attribute = False


class EnquiryForm(NewsletterForm):
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
