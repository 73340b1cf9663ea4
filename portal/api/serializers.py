"""The fields of the public API that are not written as they are stored."""

from rest_framework.fields import Field, ReadOnlyField, SerializerMethodField
from wagtail import fields
from wagtail.api.v2.serializers import BaseSerializer, PageSerializer
from wagtail.api.v2.utils import get_object_detail_url
from wagtail.models import Page

from delivery import sites
from portal.api.public import address_of, files_of


class _OfPage(Field):
    """A field that is written by ``Public``, with the language of its page."""

    def get_attribute(self, page):
        return page


class BodyField(_OfPage):
    def to_representation(self, page):
        stream = getattr(page, self.source)
        return self.context["public"].block(stream.stream_block, stream.raw_data, page.language)


class WordsField(_OfPage):
    def to_representation(self, page):
        return self.context["public"].rich_text(getattr(page, self.source), page.language)


class PublicPageSerializer(PageSerializer):
    """A page; which of these fields a page type has is said by its ``api_fields``."""

    serializer_field_mapping = PageSerializer.serializer_field_mapping | {
        fields.StreamField: BodyField,
        fields.RichTextField: WordsField,
    }

    html_url = SerializerMethodField()
    locale = SerializerMethodField()
    translations = SerializerMethodField()
    parent = SerializerMethodField()
    kind = SerializerMethodField()
    topics = SerializerMethodField()
    authors = SerializerMethodField()
    lead_image = SerializerMethodField()

    def get_html_url(self, page):
        return address_of(page)

    def get_locale(self, page):
        return sites.languages().get(page.locale_id)

    def get_translations(self, page):
        return self.context["public"].translations(page)

    def get_parent(self, page):
        above = page.path[: -Page.steplen]
        parent = self.context["base_queryset"].filter(path=above).first() if above else None
        if parent is None:
            return None
        detail_url = get_object_detail_url(self.context["router"], self.context["request"], Page, parent.pk)
        return {
            "id": parent.pk,
            "title": parent.title,
            "html_url": address_of(parent),
            "detail_url": detail_url,
        }

    def get_kind(self, page):
        return _term(page.kind_view)

    def get_topics(self, page):
        return [_term(term) for term in page.topic_views]

    def get_authors(self, page):
        return [{**_term(term), "role": term.role} for term in page.author_views]

    def get_lead_image(self, page):
        image = self.context["public"].image(page.lead_image_id)
        if image is None:
            return None
        return {
            **image,
            "alt": page.shown_image_alt,
            "is_decorative": page.lead_image_is_decorative,
            "caption": page.lead_image_caption,
            "credit": page.lead_image_credit or image["credit"],
        }


def _term(term):
    """Return a topic, author or kind with the address of its list, or None."""
    if term is None:
        return None
    return {"name": term.name, "slug": term.slug, "html_url": sites.absolute(term.url) if term.url else None}


class ImageSerializer(BaseSerializer):
    files = SerializerMethodField()

    def get_files(self, image):
        return files_of(image)


class DocumentSerializer(BaseSerializer):
    locale = SerializerMethodField()
    file_type = ReadOnlyField(source="file_extension")
    file_size = ReadOnlyField()
    download_url = SerializerMethodField()

    def get_locale(self, document):
        return sites.languages().get(document.language_id)

    def get_download_url(self, document):
        return sites.absolute(document.url)
