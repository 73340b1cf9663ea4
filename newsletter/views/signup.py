"""Signing up for the newsletter, and confirming it."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from core.models.furniture import furniture_for
from core.public_forms import PublicForm
from delivery import alternates, sites
from delivery.limits import Limit, client_address
from delivery.page_cache import for_everybody
from newsletter import subscribing
from newsletter.forms import SignUpForm
from newsletter.models import Frequency
from newsletter.views.linked import LinkedPage, elsewhere

LIMIT = Limit(10, 3600)


@csrf_exempt
def newsletter(request):
    """Show the page to sign up, the same for everybody; take the form, which stands on every page."""
    if request.method not in ("GET", "HEAD"):
        return SignUp.as_view()(request)
    form = SignUpForm(language=get_language(), initial={"frequency": Frequency.WEEKLY})
    response = _page(request, {"form": form})
    for_everybody(response)
    return response


def _page(request, context, status=200):
    found = elsewhere("newsletter")
    hreflang = alternates.hreflang(found) if get_language() in found else []
    context |= {"alternates": found, "hreflang": hreflang}
    return render(request, "newsletter/sign_up.html", context, status=status)


class SignUp(PublicForm):
    """Take a sign-up; what the answer says is the same whatever is known of the address."""

    def get_form(self):
        data = self.request.POST.copy()
        # The form at the end of a page does not ask.
        data.setdefault("frequency", Frequency.WEEKLY)
        return SignUpForm(data, language=get_language())

    def accepted(self, form):
        data = form.cleaned_data
        if not data["website"]:
            if not LIMIT.allows(client_address(self.request)):
                form.add_error(None, _("Too many sign-ups came from your network. Please try again in an hour."))
                return self._again(form, 429)
            subscribing.sign_up(
                data["email"],
                language=get_language(),
                topics=data["topics"],
                frequency=data["frequency"],
                consent_text=furniture_for(get_language()).words.newsletter_note,
                source=self._source(),
            )
        return redirect("newsletter_thanks")

    def rejected(self, form):
        return self._again(form, 422)

    def _again(self, form, status):
        return _page(self.request, {"form": form, "sent_from": self.request.POST.get("page", "")[:18]}, status)

    def _source(self):
        """Return the address of the page with the form."""
        page = self.page()
        address = sites.page_url(page.url_path, page.locale_id) if page else None
        return sites.absolute(address or reverse("newsletter"))[:300]


@require_safe
def thanks(request):
    """Say what happens next."""
    response = render(request, "newsletter/thanks.html", {"alternates": elsewhere("newsletter_thanks")})
    for_everybody(response)
    return response


class Confirm(LinkedPage):
    """Confirm a subscription, by a button: programs that look through mail follow links."""

    def shown(self, token):
        subscribing.to_confirm(token)
        context = {"alternates": elsewhere("newsletter_confirm", token)}
        return render(self.request, "newsletter/confirm.html", context)

    def pressed(self, token):
        address = subscribing.preferences_address(subscribing.confirm(token))
        return redirect(f"{address.removeprefix(settings.PUBLIC_URL)}?now=confirmed")
