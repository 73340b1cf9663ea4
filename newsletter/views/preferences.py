"""What a subscriber gets, and changes."""

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from newsletter import subscribing
from newsletter.forms import PreferencesForm
from newsletter.views.linked import LinkedPage, elsewhere


class Preferences(LinkedPage):
    """Language, topics and frequency, and the way out."""

    def shown(self, token):
        subscriber = subscribing.of_preferences(token)
        return self._page(token, subscriber, _form(subscriber))

    def pressed(self, token):
        subscriber = subscribing.of_preferences(token)
        try:
            form = _form(subscriber, self.request.POST)
        except (BadRequest, MultiPartParserError, SuspiciousOperation):
            return render(self.request, "core/form_not_read.html", status=400)
        if not form.is_valid():
            return self._page(token, subscriber, form, 422)
        subscribing.change(subscriber, **form.cleaned_data)
        return redirect(f"{_path(subscribing.preferences_address(subscriber))}?now=saved")

    def _page(self, token, subscriber, form, status=200):
        context = {
            "form": form,
            "now": self.request.GET.get("now", ""),
            "leave_url": _path(subscribing.leave_address(subscriber)),
            "alternates": elsewhere("newsletter_preferences", token),
        }
        return render(self.request, "newsletter/preferences.html", context, status=status)


def _form(subscriber, data=None):
    chosen = {name: getattr(subscriber, name) for name in ("language", "topics", "frequency")}
    return PreferencesForm(data, initial=chosen, language=get_language())


def _path(address):
    return address.removeprefix(settings.PUBLIC_URL)
