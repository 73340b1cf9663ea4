"""Where readers type a password, for a page or for a document: what is answered is kept by no cache."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import translate_url
from django.utils import translation
from wagtail.documents import get_document_model
from wagtail.documents.views import serve as documents
from wagtail.views import authenticate_with_password

from delivery import sites, tries

page = tries.limited(authenticate_with_password, tries.of_reader)
document = tries.limited(documents.authenticate_with_password, tries.of_reader)


def ask_in_language(request, response, document_id):
    """Have a document's password asked for in the language of the page that led here, else in the document's.

    Args:
        request: the reader's request, whose address says no language.
        response: the form, which is not rendered yet.
        document_id: the primary key.
    """
    language = _language_before(request) or _language_of(document_id)
    if language in sites.live_editions():
        action = response.context_data["action_url"]
        response.context_data["action_url"] = translate_url(action, language)
        # Until this response has been made.
        translation.activate(language)


def _language_before(request):
    """Return the language of the page of ours that a request comes from, or None."""
    try:
        before = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    if before.netloc != request.get_host():
        return None
    return translation.get_language_from_path(before.path) or settings.LANGUAGE_CODE


def _language_of(document_id):
    found = get_document_model().objects.filter(pk=document_id)
    return found.values_list("language__language_code", flat=True).first()
