"""Where readers' enquiries arrive."""

from django.core import signing
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from contact.forms import EnquiryForm
from contact.models import ContactPage, Enquiry
from core import addresses
from core.public_forms import PublicForm
from delivery import sites


class EnquiryView(PublicForm):
    """Store a message, and lead to its thank-you page."""

    form_class = EnquiryForm

    def accepted(self, form):
        data = form.cleaned_data
        stored = Enquiry.objects.create(
            state=Enquiry.State.SPAM if data["website"] else Enquiry.State.NEW,
            name=" ".join(data["name"].split()),
            email=data["email"],
            address_key=addresses.key(data["email"]),
            message=data["message"],
            language=get_language(),
            page=self.page(),
        )
        return redirect(reverse("enquiry_thanks", args=[signing.dumps(stored.reference, salt="thanks")]))

    def rejected(self, form):
        """Show the form again with what was typed, on the contact page where there is one."""
        context = {"form": form, "page": contact_page(), "sent_from": self.request.POST.get("page", "")}
        return render(self.request, "contact/contact_page.html", context, status=422)

    def way_back(self):
        return way_back()


@never_cache
def thanks(request, token):
    """Thank the sender and give the reference, from the signed address alone."""
    try:
        reference = signing.loads(token, salt="thanks")
    except signing.BadSignature:
        return redirect(way_back())
    return render(request, "contact/thanks.html", {"page": contact_page(), "reference": reference})


def contact_page():
    """Return the contact page of this language, or None."""
    edition = sites.live_editions().get(get_language())
    pages = ContactPage.objects.live().filter(alias_of__isnull=True)
    return pages.filter(locale_id=edition.locale_id).first() if edition else None


def way_back():
    """Return the address of the contact page in this language, else of its front page."""
    page = contact_page()
    address = sites.page_url(page.url_path, page.locale_id) if page else None
    edition = sites.live_editions().get(get_language())
    return address or (edition.prefix if edition else "/")
