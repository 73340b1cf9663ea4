"""What readers fill in to get the newsletter, and to get another one."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core import addresses
from core.forms import AddressForm
from delivery import sites
from news import taxonomy
from newsletter.models import Frequency


def topics_of(language):
    """Return the topics that a language has words for, as {translation key in text: TermView}."""
    terms = taxonomy.terms("topics", language)
    return {str(key): term for key, term in terms.items() if term.words_language == language}


class ChoicesForm(forms.Form):
    """What is sent, and how often.

    Args:
        language: the language code whose topics are offered.
    """

    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none to hear about everything."),
        error_messages={"invalid_choice": _("Choose topics from this list: one that you chose is no longer there.")},
    )
    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=Frequency.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose how often you would like to hear from us.")
        ),
    )

    use_required_attribute = False

    def __init__(self, *args, language, **kwargs):
        super().__init__(*args, **kwargs)
        self.language = language
        self.fields["topics"].choices = [(key, term.name) for key, term in topics_of(language).items()]


class SignUpForm(ChoicesForm, AddressForm):
    """An address, and what is sent to it."""

    field_order = ["email", "topics", "frequency"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["required"] = _("Enter your e-mail address, so that we can write to you.")

    def clean_email(self):
        address = super().clean_email()
        if addresses.is_mixed(address):
            raise forms.ValidationError(
                _("This address mixes letters of different alphabets. Check it, and type it in one alphabet.")
            )
        return address


class PreferencesForm(ChoicesForm):
    """What a subscriber gets."""

    language = forms.ChoiceField(
        label=_("Language"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a language from this list.")),
    )

    field_order = ["language", "topics", "frequency"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = [
            (edition.language, format_html('<bdi lang="{}">{}</bdi>', edition.language, edition.name))
            for edition in sites.live_editions().values()
        ]
        # What only has one answer is not asked.
        self.fields["language"].required = len(names) > 1
        self.fields["language"].choices = names

    def clean(self):
        data = super().clean()
        chosen = data["language"] = data.get("language") or self.language
        # A topic without a name there could neither be seen nor taken back.
        data["topics"] = [key for key in data.get("topics", ()) if key in topics_of(chosen)]
        return data
