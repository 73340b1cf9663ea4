"""Images and documents with their rights; alternative text stands where an image is used, per language."""

import hashlib
import os

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtail.models import Locale
from wagtail.search import index

from core import offers, pictures
from delivery import sites


class Rights(models.Model):
    """Who made a file and until when it may be shown."""

    credit = models.CharField(
        _("credit"),
        max_length=255,
        blank=True,
        help_text=_("Shown with the file, for example the photographer's name."),
    )
    rights = models.CharField(
        _("rights"), max_length=255, blank=True, help_text=_("Licence or agreement, for the team's own use.")
    )
    rights_expire_on = models.DateField(
        _("rights expire on"), null=True, blank=True, help_text=_("A picture is not shown after this day.")
    )

    # Wagtail's own models have these names too, so this accessor and that of the tags would clash.
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_by_user.wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save with size and hash known, so that no reader's request has to find them out and write them down."""
        is_new = self.file and (self.file_size is None or not self.file._committed)
        if is_new and "update_fields" not in kwargs:
            self._set_file_metadata()
        super().save(*args, **kwargs)


class WithoutMetadata:
    """The last operation on a picture, upright by now: keep the colour profile, and nothing of place and camera."""

    def run(self, willow, image, env):
        for name in ("exif", "xmp", "comment"):
            willow.image.info.pop(name, None)


class PublicFilter(Filter):
    """What makes a size of a picture: Wagtail's own way copies what the camera wrote into the original."""

    @property
    def filter_operations(self):
        return [*super().filter_operations, WithoutMetadata()]


class Image(Rights, AbstractImage):
    """A picture. ``pictures`` lists the finished renditions, so that showing one needs no further query."""

    tags = TaggableManager(_("tags"), blank=True, related_name="portal_images")
    pictures = models.JSONField(default=dict, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "collection",
        "credit",
        "rights",
        "rights_expire_on",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        # Without it only superusers find files of other people in the choosers.
        permissions = [("choose_image", "Can choose image")]

    @property
    def rights_last(self):
        """Whether it may be shown today."""
        return self.rights_expire_on is None or self.rights_expire_on >= pictures.today()

    def _set_file_metadata(self):
        self._set_image_file_metadata()

    def get_upload_to(self, filename):
        """Name the file by its content, so that its address may be kept for ever by browsers."""
        stem, extension = os.path.splitext(filename)
        digest = hashlib.sha256(self.file.read()).hexdigest()[: pictures.HASH_LENGTH]
        self.file.seek(0)
        # The hash first: Wagtail cuts the names of renditions at their end.
        return f"original_images/{digest}-{slugify(stem)[:40] or 'image'}{extension.lower()}"

    def generate_rendition_file(self, filter, *, source=None):
        return super().generate_rendition_file(PublicFilter(filter.spec), source=source)


class Rendition(AbstractRendition):
    """One size and format of an image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    seen_by_readers = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition")
        ]

    def get_upload_to(self, filename):
        folder = pictures.FOLDER if self.image.rights_last else pictures.CLOSED_FOLDER
        return f"{folder}/{self.file.storage.get_valid_name(filename)}"


class DocumentManager(models.Manager.from_queryset(DocumentQuerySet)):
    """Documents without their texts: those are for the search, and long."""

    def get_queryset(self):
        return super().get_queryset().defer("extracted_text", "extracted_from")


class Document(Rights, AbstractDocument):
    """A file to download, in a language."""

    language = models.ForeignKey(
        Locale, verbose_name=_("language"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    tags = TaggableManager(_("tags"), blank=True, related_name="portal_documents")
    # Of ``core.extraction``, with the hash of the file that it was made of.
    extracted_text = models.TextField(default="", blank=True, editable=False)
    extracted_from = models.CharField(max_length=40, default="", blank=True, editable=False)

    objects = DocumentManager()

    admin_form_fields = ("title", "file", "language", "collection", "credit", "rights", "tags")

    # A title counts as that of a page does, and the tags, which are the team's own, stand after the text.
    search_fields = [
        *(field for field in AbstractDocument.search_fields if not isinstance(field, index.RelatedFields)),
        index.SearchField("title", boost=5),
        index.SearchField("extracted_text"),
        index.RelatedFields("tags", [index.SearchField("name"), index.AutocompleteField("name")]),
        index.FilterField("language"),
    ]

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    def _set_file_metadata(self):
        self._set_document_file_metadata()
        if self.extracted_from != self.file_hash:
            # Of a file that somebody replaced, perhaps for what it said.
            self.extracted_text = ""

    @classmethod
    def get_indexed_objects(cls):
        return super().get_indexed_objects().defer(None)

    def search_language(self):
        """Return the code of its language, else of the first page that offers it to readers, or an empty string."""
        known = offers.with_language(Document.objects.filter(pk=self.pk)).values_list("found_in", flat=True)
        return sites.languages().get(self.language_id or known.first(), "")

    def is_found_by_readers(self):
        """Return whether a page that readers of its language can find offers it, and its collection is open."""
        return offers.found_by_readers(Document.objects.filter(pk=self.pk)).exists()

    def search_date(self):
        return self.created_at

    def search_facets(self):
        # In the zone of the site, as the years of articles.
        year = timezone.localtime(self.created_at, timezone.get_default_timezone()).year
        return [("type", "document"), ("year", year)]
