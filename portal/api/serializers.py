"""The fields of the public API that are not written as they are stored."""

from django.core.exceptions import ImproperlyConfigured
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


class ReferenceField(_OfPage):
    def to_representation(self, page):
        field = page._meta.get_field(self.source)
        return self.context["public"].chosen(field.related_model, getattr(page, field.attname), page.language)


class PublicPageSerializer(PageSerializer):
    """A page; a type adds fields by its ``api_fields``, and says there how those that are not stored are written."""

    serializer_field_mapping = PageSerializer.serializer_field_mapping | {
        fields.StreamField: BodyField,
        fields.RichTextField: WordsField,
    }

    html_url = SerializerMethodField()
    locale = SerializerMethodField()
    translations = SerializerMethodField()
    parent = SerializerMethodField()

    def build_relational_field(self, field_name, relation_info):
        if relation_info.to_many:
            # Wagtail would write the rows as they are stored, whatever private things they refer to.
            raise ImproperlyConfigured(f"api_fields: {field_name} needs an APIField with a serializer of its own.")
        if self.context["public"].found.knows(relation_info.related_model):
            return ReferenceField, {}
        return super().build_relational_field(field_name, relation_info)

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
