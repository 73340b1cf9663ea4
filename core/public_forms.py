"""Forms that stand on cached pages: where they arrive, and from whom they are taken (docs/decisions/0008).

A browser says where a request comes from in ``Origin`` or ``Sec-Fetch-Site``; a request that says neither gets a page
with one button to confirm.
"""

from django.core import signing
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpResponse, HttpResponseNotAllowed
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View
from wagtail.models import Page

from core import spam
from delivery.origins import origin_of

CONFIRM_SECONDS = 3600
# What is read of a form that is too large, so that the browser gets to hear of it: it listens when it has sent all.
MOST_READ = 32 * 1024 * 1024
signer = signing.TimestampSigner(salt="core.public_forms")


class NoFiles(FileUploadHandler):
    """Readers' forms have no files: what comes as one is kept nowhere."""

    def receive_data_chunk(self, raw_data, start):
        return None

    def file_complete(self, file_size):
        return None


@never_cache
def opened(request):
    """Give the script of a form that is begun the signed time; no time is no reason to refuse the form."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    return HttpResponse(spam.opened_now(), content_type="text/plain")


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PublicForm(View):
    """What a reader's form does when it arrives.

    A subclass gives ``form_class`` (or ``get_form``), ``accepted`` and ``rejected``, and may give ``way_back``.
    """

    http_method_names = ["get", "head", "post"]
    form_class = None

    def get(self, request, *args, **kwargs):
        return redirect(self.way_back())

    def post(self, request, *args, **kwargs):
        # Whatever the request says: our pages are in UTF-8, and another encoding could make signs that none has.
        request.encoding = "utf-8"
        request.upload_handlers = [NoFiles(request)]
        origin = origin_of(request)
        if origin == "foreign":
            return render(request, "403.html", status=403)
        try:
            len(request.POST)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return self._too_large()
        except (BadRequest, MultiPartParserError):
            return render(request, "core/form_not_read.html", status=400)
        if origin == "unknown" and not self._is_confirmed():
            return self._ask_to_confirm()
        form = self.get_form()
        return self.accepted(form) if form.is_valid() else self.rejected(form)

    def get_form(self):
        return self.form_class(self.request.POST)

    def accepted(self, form):
        """Return the answer to a form that is in order."""
        raise NotImplementedError

    def rejected(self, form):
        """Return the answer to a form with errors: filled in, with status 422."""
        raise NotImplementedError

    def way_back(self):
        """Return where somebody is sent who only follows the form's address."""
        return "/"

    def page(self):
        """Return the page that the form stood on, or None; an odd number must not lose what was written."""
        number = self.request.POST.get("page", "")
        is_number = number.isascii() and number.isdigit() and len(number) < 18
        return Page.objects.filter(pk=int(number)).first() if is_number else None

    def _too_large(self):
        left = MOST_READ
        while left > 0 and (read := self.request.read(min(left, 65_536))):
            left -= len(read)
        return render(self.request, "core/form_not_read.html", {"is_too_large": True}, status=413)

    def _is_confirmed(self):
        try:
            return signer.unsign(self.request.POST.get("token", ""), max_age=CONFIRM_SECONDS) == "send"
        except signing.BadSignature:
            return False

    def _ask_to_confirm(self):
        posted = self.request.POST
        fields = [(name, value) for name in posted if name != "token" for value in posted.getlist(name) if value]
        context = {"fields": fields, "token": signer.sign("send"), "action": self.request.path}
        return render(self.request, "core/confirm_sending.html", context)
