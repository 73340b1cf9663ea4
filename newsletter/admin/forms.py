"""The forms of the newsletter in the admin."""

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.models import Locale

from core.forms import INVALID_ADDRESS, LONGEST_ADDRESS
from core.rights import languages_of

OTHER_LANGUAGE = _("This article is in another language than the issue. Choose one in the language of the issue.")
TWICE = _("This article is in the issue already. Remove it here, or choose another one.")
PAST = _("This moment is over. Choose one in the future, or press “Send now”.")


class LanguageForm(WagtailAdminModelForm):
    """A form whose language is one that the person works in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["locale"].queryset = Locale.objects.filter(pk__in=languages_of(self.for_user))


class IssueForm(LanguageForm):
    """An issue, whose articles are in its language, each of them once."""

    def clean(self):
        cleaned = super().clean()
        locale = cleaned.get("locale")
        seen = set()
        for form in self.formsets["articles"].forms:
            # A row in which nothing was typed is valid, has no article and is not stored.
            article = form.cleaned_data.get("article") if form.is_valid() else None
            if article is None or form.cleaned_data.get("DELETE"):
                continue
            if locale and article.locale_id != locale.pk:
                form.add_error("article", OTHER_LANGUAGE)
            elif article.pk in seen:
                form.add_error("article", TWICE)
            seen.add(article.pk)
        return cleaned


class DigestForm(LanguageForm):
    """A digest; it begins with what is published after it was switched on."""

    def save(self, commit=True):
        if self.instance.is_on and "is_on" in self.changed_data:
            self.instance.since = timezone.now()
        return super().save(commit)


class WeekdaySelect(forms.Select):
    def __init__(self, attrs=None):
        super().__init__(attrs, choices=list(WEEKDAYS.items()))


class ActionForm(forms.Form):
    use_required_attribute = False


class AddressForm(ActionForm):
    """One e-mail address."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=LONGEST_ADDRESS,
        error_messages={"required": INVALID_ADDRESS, "invalid": INVALID_ADDRESS},
    )


class ScheduleForm(ActionForm):
    """A moment in the future."""

    send_at = forms.DateTimeField(
        label=_("Date and time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Choose a date and a time."), "invalid": _("Choose a date and a time.")},
    )

    def clean_send_at(self):
        moment = self.cleaned_data["send_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(PAST)
        return moment
