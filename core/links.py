"""Links in rich text, found among the references of the response instead of one query a link."""

from django.utils import translation
from django.utils.html import escape
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from core.models import Document
from delivery import references


class ReferencedPageLink(PageLinkHandler):
    """A link to a page, in the reader's language where the page exists in it; plain words where it is gone."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        found = references.current()
        found.want(Page, [attrs.get("id") for attrs in attrs_list])
        language = translation.get_language()
        return [cls.opening_tag(*found.link(attrs.get("id"), language), language) for attrs in attrs_list]

    @staticmethod
    def opening_tag(address, page, language):
        """Return the tag that begins a link; one into another language says which."""
        if not address:
            return "<a>"
        target = references.References.language_of(page)
        into = f' hreflang="{target}"' if target not in ("", language) else ""
        return f'<a href="{escape(address)}"{into}>'


class ReferencedDocumentLink(DocumentLinkHandler):
    """A link to a document; plain words where it is gone."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        found = references.current().objects(Document, [attrs.get("id") for attrs in attrs_list])
        documents = [found.get(int(attrs.get("id") or 0)) for attrs in attrs_list]
        return [f'<a href="{escape(document.url)}">' if document else "<a>" for document in documents]
