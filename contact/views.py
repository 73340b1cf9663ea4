"""Where readers' enquiries arrive."""

from django.core import signing
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from contact import judging, receiving
from contact.forms import EnquiryForm
from contact.models import ContactPage
from core.public_forms import PublicForm
from delivery import sites

RETRY_AFTER_SECONDS = 3600


class EnquiryView(PublicForm):
    """Store a message, and lead to its thank-you page."""

    @cached_property
    def contact_page(self):
        return ContactPage.in_language(get_language())

    @cached_property
    def shown_page(self):
        return self.contact_page if self.contact_page and self.contact_page.is_open_to(self.request) else None

    def get_form(self):
        posted = self.request.POST
        is_whole = "whole" in posted and self.shown_page is not None
        return EnquiryForm(posted, page=self.contact_page, is_whole=is_whole)

    def accepted(self, form):
        client = judging.client_of(self.request)
        try:
            stored = receiving.receive(form, self.request.POST, get_language(), self.page(), client)
        except receiving.TooMany:
            form.add_error(None, _("Many messages have come from your network. Please send yours in an hour."))
            response = self.rejected(form, status=429)
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        return redirect(reverse("enquiry_thanks", args=[signing.dumps(stored.reference, salt="thanks")]))

    def rejected(self, form, status=422):
        """Show the form again with what was typed, on the contact page where there is one that the sender may see."""
        context = {"form": form, "page": self.shown_page, "sent_from": self.request.POST.get("page", "")}
        return render(self.request, "contact/contact_page.html", context, status=status)

    def way_back(self):
        return way_back()


@never_cache
def thanks(request, token):
    """Thank the sender and give the reference, from the signed address alone."""
    try:
        reference = signing.loads(token, salt="thanks")
    except signing.BadSignature:
        return redirect(way_back())
    page = ContactPage.in_language(get_language())
    context = {"page": page if page and page.is_open_to(request) else None, "reference": reference}
    return render(request, "contact/thanks.html", context)


def way_back():
    """Return the address of the contact page in this language, else of its front page."""
    page = ContactPage.in_language(get_language())
    address = sites.page_url(page.url_path, page.locale_id) if page else None
    edition = sites.live_editions().get(get_language())
    return address or (edition.prefix if edition else "/")
