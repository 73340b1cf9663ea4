"""Choosers that find their objects among the references of the response being rendered."""

from wagtail.blocks import PageChooserBlock as WagtailPageChooserBlock
from wagtail.documents.blocks import DocumentChooserBlock as WagtailDocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock as WagtailImageChooserBlock

from delivery import references


class ReferencedMixin:
    """Ask the references first, so that a body with many choosers costs one query a kind and not one a block."""

    def bulk_to_python(self, values):
        values = list(values)
        found = references.current()
        if found.knows(self.model_class) and not getattr(self, "page_type", None):
            objects = found.objects(self.model_class, values)
            return [objects.get(value) if value else None for value in values]
        return super().bulk_to_python(values)


class ImageChooserBlock(ReferencedMixin, WagtailImageChooserBlock):
    pass


class DocumentChooserBlock(ReferencedMixin, WagtailDocumentChooserBlock):
    pass


class PageChooserBlock(ReferencedMixin, WagtailPageChooserBlock):
    pass
