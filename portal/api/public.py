"""What the public API may show: pages, files and, within a page, what it refers to; all else is left out."""

from functools import reduce
from operator import or_

from django.db.models import Q, prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.html import escape
from wagtail.blocks import ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Collection, CollectionViewRestriction, Page
from wagtail.rich_text import extract_references_from_rich_text
from wagtail.rich_text.rewriters import EmbedRewriter, LinkRewriter

from core import cards, pictures
from core.blocks.announce import announced
from core.blocks.media import FigureBlock
from core.models import Document, Image
from delivery import alternates, due, references, sites
from delivery.generation import per_generation


@per_generation
def unlisted_ids():
    return cards.unlisted_ids()


def public_pages(queryset):
    """Return those pages of a queryset that are live, listed, nobody's alias and open to everybody."""
    places = [
        Q(locale_id=edition.locale_id, url_path__startswith=edition.home_path)
        for edition in sites.live_editions().values()
    ]
    if not places:
        return queryset.none()
    queryset = due.not_over(queryset.filter(reduce(or_, places), live=True, alias_of__isnull=True))
    for tree_path in sites.restricted_paths():
        queryset = queryset.exclude(path__startswith=tree_path)
    unlisted = unlisted_ids()
    return queryset.exclude(pk__in=unlisted) if unlisted else queryset


def address_of(page):
    """Return the full address of a page, or None where readers cannot reach it."""
    url = sites.page_url(page.url_path, page.locale_id)
    return sites.absolute(url) if url else None


def files_of(image):
    """Return the finished files of an image as {shape: {"url", "width", "height", "srcset"}}, never its original.

    ``srcset`` is {format: srcset}, the best format first.
    """
    found = {name: pictures.sources(image, name) for name in pictures.SHAPES}
    return {
        name: {
            "url": sites.absolute(files["src"]),
            "width": files["width"],
            "height": files["height"],
            "srcset": {kind: _absolute(srcset) for kind, srcset in files["offers"].items()},
        }
        for name, files in found.items()
        if files
    }


def _absolute(srcset):
    found = (item.rsplit(" ", 1) for item in srcset.split(", "))
    return ", ".join(f"{sites.absolute(address)} {width}" for address, width in found)


class Public:
    """What one answer may show of the things that its pages refer to."""

    def __init__(self):
        self.found = references.current()

    @cached_property
    def closed_collections(self):
        """The ids of the collections behind a view restriction.

        Asked for anew in every answer: moving a collection below a closed one moves no content generation.
        """
        closed = Q()
        for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
            closed |= Q(path__startswith=path)
        return set(Collection.objects.filter(closed).values_list("pk", flat=True)) if closed else set()

    def files(self, model):
        """Return the queryset of the documents, or the images, that everybody may see."""
        queryset = model.objects.exclude(collection__in=self.closed_collections)
        # What the rights to a picture allow ends after a day; documents have no such rule on the site either.
        is_expired = Q(rights_expire_on__lt=pictures.today())
        return queryset.exclude(is_expired) if model is Image else queryset

    def announce(self, pages, fields):
        """Say which objects these pages need, so that each kind is loaded once for all.

        Args:
            pages: a list of pages.
            fields: those of the serializer, by name; one may name a relation to read before as ``prefetch``.
        """
        prefetch_related_objects(pages, *(field.prefetch for field in fields.values() if hasattr(field, "prefetch")))
        for page in pages:
            self.found.want(Page, [page.pk])
            for field in page._meta.concrete_fields:
                for model, pk in self._needed(field, page) if field.name in fields else ():
                    self.found.want(model, [pk])

    def _needed(self, field, page):
        if isinstance(field, StreamField):
            yield from announced(getattr(page, field.name))
        elif isinstance(field, RichTextField):
            for model, pk, *_path in extract_references_from_rich_text(getattr(page, field.name)):
                yield model, pk
        elif field.related_model and self.found.knows(field.related_model):
            yield field.related_model, getattr(page, field.attname)

    def page(self, pk, language):
        """Return a page that something links to, in the language of the link where it has it, or None."""
        url, page = self.found.link(pk, language)
        if url is None or not sites.is_public(page.path):
            return None
        return {"id": page.pk, "title": page.title, "html_url": sites.absolute(url)}

    def document(self, pk):
        document = self.found.get(Document, pk)
        if document is None or document.collection_id in self.closed_collections:
            return None
        return {
            "id": document.pk,
            "title": document.title,
            "file_type": document.file_extension,
            "file_size": document.file_size,
            "download_url": sites.absolute(document.url),
        }

    def image(self, pk):
        """Return an image whose rights last and whose collection is open, or None."""
        image = self.found.get(Image, pk)
        if not self.is_shown(image):
            return None
        return {"id": image.pk, "title": image.title, "credit": image.credit, "files": files_of(image)}

    def is_shown(self, image):
        return image is not None and image.rights_last and image.collection_id not in self.closed_collections

    def stays(self, block, raw):
        """Return whether a block of a list is shown: a figure goes with its picture, and so do its words."""
        return not isinstance(block, FigureBlock) or self.is_shown(self.found.get(Image, (raw or {}).get("image")))

    def translations(self, page):
        """Return the other languages of a page as {"id", "locale", "html_url"}, in the site's order."""
        by_locale = self.found.translations(page.pk)
        found = [by_locale.get(edition.locale_id) for edition in sites.live_editions().values()]
        return [
            {"id": other.pk, "locale": sites.languages()[other.locale_id], "html_url": address_of(other)}
            for other in found
            if other and other.pk != page.pk and alternates.stands_alone(other)
        ]

    def rich_text(self, html, language):
        """Return rich text as HTML with full addresses; the words of a link to something closed stay as words."""

        def page_tag(attrs):
            page = self.page(_id(attrs), language)
            return f'<a href="{escape(page["html_url"])}">' if page else "<a>"

        def document_tag(attrs):
            document = self.document(_id(attrs))
            return f'<a href="{escape(document["download_url"])}">' if document else "<a>"

        return EmbedRewriter()(LinkRewriter({"page": page_tag, "document": document_tag})(html or ""))

    def block(self, block, raw, language):
        """Return the stored form of a block with everything it refers to in the place of its id.

        Args:
            block: the block, or None for a kind that is no more.
            raw: its stored form.
            language: the language code of the page.
        """
        if isinstance(block, ChooserBlock):
            return self.chosen(block.model_class, raw, language)
        if isinstance(block, RichTextBlock):
            return self.rich_text(raw, language)
        if isinstance(block, TypedTableBlock):
            return self.table(block, raw, language)
        if isinstance(block, StructBlock | ListBlock | StreamBlock):
            return self.parts(block, raw, language)
        return raw

    def parts(self, block, raw, language):
        """Return a block made of others, as ``block`` does."""
        if isinstance(block, StructBlock):
            raw = raw or {}
            return {name: self.block(child, raw.get(name), language) for name, child in block.child_blocks.items()}
        if isinstance(block, ListBlock):
            values = [item["value"] if isinstance(item, dict) and "value" in item else item for item in raw or ()]
            kind = block.child_block
            return [self.block(kind, value, language) for value in values if self.stays(kind, value)]
        kinds = block.child_blocks
        return [
            {"type": kind, "value": self.block(kinds[kind], item["value"], language), "id": item.get("id")}
            for item in raw or ()
            if (kind := item["type"]) in kinds and self.stays(kinds[kind], item["value"])
        ]

    def chosen(self, model, pk, language):
        """Return what a chooser chose; of a kind that nobody has thought of here, nothing."""
        if issubclass(model, Page):
            return self.page(pk, language)
        if model is Document:
            return self.document(pk)
        return self.image(pk) if model is Image else None

    def table(self, block, raw, language):
        if not raw:
            return None
        kinds = [block.child_blocks.get(column["type"]) for column in raw["columns"]]
        return {
            "caption": raw.get("caption") or "",
            "columns": [{"type": column["type"], "heading": column["heading"]} for column in raw["columns"]],
            "rows": [
                [self.block(kind, value, language) for kind, value in zip(kinds, row["values"], strict=True)]
                for row in raw["rows"]
            ],
        }


def _id(attrs):
    """Return the id in the attributes of a stored link, or None for anything that is no id."""
    text = attrs.get("id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
