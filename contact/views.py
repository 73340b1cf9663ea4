"""Where readers' forms arrive.

The forms stand on cached pages and carry no token. A browser says where a request comes from in ``Origin`` or
``Sec-Fetch-Site``; a request that says neither gets a page with one button to confirm.
"""

from django.core import signing
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from wagtail.models import Page

from contact.forms import EnquiryForm, NewsletterForm
from contact.models import ContactPage, Enquiry
from delivery import sites
from delivery.origins import origin_of

FIELDS = ("kind", "name", "email", "message", "website", "page")
CONFIRM_SECONDS = 3600
signer = signing.TimestampSigner(salt="contact.confirm")


@csrf_exempt
@never_cache
def enquiry(request):
    """Store a message or a newsletter request, and lead to its thank-you page."""
    if request.method == "GET":
        return redirect(_way_back())
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST"])
    origin = origin_of(request)
    if origin == "foreign":
        return render(request, "403.html", status=403)
    if origin == "unknown" and not _is_confirmed(request):
        return _ask_to_confirm(request)
    is_newsletter = request.POST.get("kind") == Enquiry.Kind.NEWSLETTER
    form = (NewsletterForm if is_newsletter else EnquiryForm)(request.POST)
    if not form.is_valid():
        return _show_errors(request, form, is_newsletter)
    stored = _store(form.cleaned_data, is_newsletter, _page_of(request))
    return redirect(reverse("enquiry_thanks", args=[signing.dumps([stored.reference, stored.kind], salt="thanks")]))


def _page_of(request):
    """Return the page that the form stood on, or None; an odd number must not lose the message."""
    number = request.POST.get("page", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 18
    return Page.objects.filter(pk=int(number)).first() if is_number else None


def _store(data, is_newsletter, page):
    return Enquiry.objects.create(
        kind=Enquiry.Kind.NEWSLETTER if is_newsletter else Enquiry.Kind.MESSAGE,
        state=Enquiry.State.SPAM if data.get("website") else Enquiry.State.NEW,
        name=" ".join(data.get("name", "").split()),
        email=data["email"],
        message=data.get("message", ""),
        language=get_language(),
        page=page,
    )


@never_cache
def thanks(request, token):
    """Thank the sender and give the reference, from the signed address alone."""
    try:
        reference, kind = signing.loads(token, salt="thanks")
    except signing.BadSignature:
        return redirect(_way_back())
    return render(request, "contact/thanks.html", {"page": _contact_page(), "reference": reference, "kind": kind})


def _contact_page():
    edition = sites.live_editions().get(get_language())
    pages = ContactPage.objects.live().filter(alias_of__isnull=True)
    return pages.filter(locale_id=edition.locale_id).first() if edition else None


def _way_back():
    """Return the address of the contact page in this language, else of its front page."""
    page = _contact_page()
    address = sites.page_url(page.url_path, page.locale_id) if page else None
    edition = sites.live_editions().get(get_language())
    return address or (edition.prefix if edition else "/")


def _fields(request):
    return [(name, request.POST[name]) for name in FIELDS if request.POST.get(name)]


def _is_confirmed(request):
    try:
        return signer.unsign(request.POST.get("token", ""), max_age=CONFIRM_SECONDS) == "send"
    except signing.BadSignature:
        return False


def _ask_to_confirm(request):
    context = {"fields": _fields(request), "token": signer.sign("send"), "page": _contact_page()}
    return render(request, "contact/confirm.html", context)


def _show_errors(request, form, is_newsletter):
    """Show the form again with what was typed, on the contact page where there is one."""
    context = {"form": form, "kind": "newsletter" if is_newsletter else "message", "page": _contact_page()}
    context["sent_from"] = request.POST.get("page", "")
    return render(request, "contact/contact_page.html", context, status=422)
