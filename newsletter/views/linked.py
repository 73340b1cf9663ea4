"""Pages that a signed link in a mail leads to: for one person, and seen by nobody else."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from delivery import sites
from delivery.origins import origin_of
from newsletter.subscribing import Over


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class LinkedPage(View):
    """A page whose address holds a token, which alone authorises.

    A subclass gives ``shown`` and ``pressed``; both may raise ``Over``.
    """

    http_method_names = ["get", "head", "post"]
    takes_foreign_posts = False

    def dispatch(self, request, *args, **kwargs):
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Over as over:
            reason = str(over)
            response = render(request, "newsletter/link_over.html", {"reason": reason}, status=_status(reason))
        # The address authorises, so no other site gets to know it.
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    def get(self, request, token):
        return self.shown(token)

    def post(self, request, token):
        if is_foreign(request) and not self.takes_foreign_posts:
            return render(request, "403.html", status=403)
        return self.pressed(token)

    def shown(self, token):
        """Return the page; a program that looks through mail follows its link too, so nothing changes."""
        raise NotImplementedError

    def pressed(self, token):
        """Do what the button says, and return the answer."""
        raise NotImplementedError


def is_foreign(request):
    """Return whether a request says that another site made it.

    A browser hides the origin of a form on a page without referrer, and an old one says nothing instead.
    """
    is_hidden = request.headers.get("Origin") == "null" and "Sec-Fetch-Site" not in request.headers
    return origin_of(request) == "foreign" and not is_hidden


def elsewhere(name, *args):
    """Return {language: address} of one of our addresses in all languages."""
    found = {}
    for language in sites.live_editions():
        with override(language):
            found[language] = reverse(name, args=args)
    return found


def _status(reason):
    return 404 if reason == "unknown" else 410
