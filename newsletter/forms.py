"""What readers fill in to get the newsletter, and to get another one."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core import addresses
from core.forms import AddressForm
from delivery import sites
from news import taxonomy
from newsletter.models import Frequency


def topics_offered(language, chosen=()):
    """Return the topics to choose from, as (translation key in text, name).

    Args:
        language: the code of the reader's language; what it has no word for is not offered.
        chosen: the keys of those that are, in whatever words there are: what was chosen is seen and can be taken back.
    """
    terms = taxonomy.terms("topics", language)
    return [
        (str(key), term.name if term.words_language == language else _in_language(term.words_language, term.name))
        for key, term in terms.items()
        if term.words_language == language or str(key) in chosen
    ]


def _in_language(language, name):
    return format_html('<bdi lang="{}">{}</bdi>', language, name)


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
        self.fields["topics"].choices = topics_offered(language, self.initial.get("topics", ()))


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
    """What a subscriber gets; ``initial`` has what that is now."""

    language = forms.ChoiceField(
        label=_("Language"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a language from this list.")),
    )

    field_order = ["language", "topics", "frequency"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = [
            (edition.language, _in_language(edition.language, edition.name))
            for edition in sites.live_editions().values()
        ]
        # What only has one answer is not asked.
        self.fields["language"].required = len(names) > 1
        self.fields["language"].choices = names

    @property
    def has_no_topic_left(self):
        """Whether topics were chosen of which none is there: no article is for who chose them."""
        chosen = self.initial["topics"]
        return bool(chosen) and not any(key in chosen for key, _name in self.fields["topics"].choices)

    def clean(self):
        data = super().clean()
        data["language"] = data.get("language") or self.language
        if data.get("topics"):
            # A topic that is withdrawn is not shown, and may come back. Where none is chosen, readers get all news.
            offered = dict(self.fields["topics"].choices)
            data["topics"] += [key for key in self.initial["topics"] if key not in offered]
        return data
