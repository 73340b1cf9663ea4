"""Pictures, galleries, video and audio, documents."""

import re
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, RichTextBlock, StructBlock, StructValue, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks.choosers import DocumentChooserBlock, ImageChooserBlock

PLAYERS = {
    "youtube": "https://www.youtube-nocookie.com",
    "vimeo": "https://player.vimeo.com",
}
YOUTUBE = re.compile(
    r"(?:youtu\.be|youtube(?:-nocookie)?\.com/(?:watch|embed|shorts|live|v))/"
    # A playlist and the live stream of a channel have a word there that is as long as the id of a video.
    "(?!videoseries|live_stream)([A-Za-z0-9_-]{11})"
)
# After its id, an unlisted video has a key, without which the player does not show it.
VIMEO = re.compile(
    r"(?:player\.)?vimeo\.com/"
    "(?:(?:channels|ondemand)/[^/]+/|groups/[^/]+/videos/|(?:album|showcase)/[0-9]+/video/|manage/videos/|video/)?"
    "([0-9]{6,20})(?:/([0-9a-f]{8,20}))?"
)
VIMEO_KEY = re.compile("[0-9a-f]{8,20}")


def newest_image():
    """Return an image for a preview in the block picker, or None."""
    from core.models import Image

    return Image.objects.order_by("-pk").first()


def newest_document():
    from core.models import Document

    return Document.objects.order_by("-pk").first()


class FigureBlock(StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt_text = CharBlock(
        required=False,
        max_length=250,
        label=_("Alternative text"),
        help_text=_("What the picture shows, for readers who cannot see it."),
    )
    decorative = BooleanBlock(required=False, label=_("The picture only decorates"))
    caption = CharBlock(required=False, max_length=300, label=_("Caption"))
    credit = CharBlock(required=False, max_length=150, label=_("Credit"))

    class Meta:
        icon = "image"
        label = _("Image")
        group = _("Pictures and files")
        description = _("A picture with alternative text, caption and credit.")
        template = "blocks/image.html"

    def clean(self, value):
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        if not value["alt_text"] and not value["decorative"]:
            message = ValidationError(_("Describe the picture, or say that it only decorates."))
            raise StructBlockValidationError(block_errors={"alt_text": message})
        return value

    def get_preview_value(self):
        image = newest_image()
        return self.normalize(
            {"image": image, "alt_text": "", "decorative": True, "caption": image.title if image else ""}
        )


class GalleryValue(StructValue):
    """Pictures side by side."""

    @property
    def shown(self):
        """The figures whose pictures are there and may be shown."""
        return [item for item in self["images"] if item["image"] and item["image"].rights_last]


class GalleryBlock(StructBlock):
    title = CharBlock(required=False, max_length=120, label=_("Heading"))
    images = ListBlock(FigureBlock(), min_num=2, max_num=12, label=_("Images"))

    class Meta:
        icon = "grip"
        label = _("Gallery")
        group = _("Pictures and files")
        description = _("Two or more pictures side by side.")
        template = "blocks/gallery.html"
        value_class = GalleryValue

    def get_preview_value(self):
        figure = {"image": newest_image(), "alt_text": "", "decorative": True}
        return self.normalize({"title": "", "images": [figure, figure]})


class MediaValue(StructValue):
    """A video or sound recording: at a provider, or a file of this site."""

    @property
    def player(self):
        """The provider's player as {"origin", "src"}, or None."""
        parsed = parse_video_url(self.get("url"))
        if not parsed:
            return None
        provider, video, key = parsed
        if provider == "youtube":
            path = f"/embed/{video}?autoplay=1"
        else:
            path = f"/video/{video}?{f'h={key}&' if key else ''}autoplay=1&dnt=1"
        return {"origin": PLAYERS[provider], "src": PLAYERS[provider] + path}

    @property
    def is_sound(self):
        file = self.get("file")
        return bool(file) and file.file_extension == "mp3"


def parse_video_url(url):
    """Return (provider, id, key of an unlisted video or "") of a video at YouTube or Vimeo, or None for any other."""
    parts = urlsplit(url or "")
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    place = (parts.hostname or "").removeprefix("www.").removeprefix("m.") + parts.path.rstrip("/")
    if place.endswith("/watch"):
        place += f"/{asked.get('v', '')}"
    if found := YOUTUBE.fullmatch(place):
        return "youtube", found[1], ""
    if found := VIMEO.fullmatch(place):
        key = found[2] or asked.get("h", "")
        return "vimeo", found[1], key if VIMEO_KEY.fullmatch(key) else ""
    return None


class MediaBlock(StructBlock):
    title = CharBlock(max_length=150, label=_("Title"))
    url = URLBlock(required=False, label=_("Address at YouTube or Vimeo"))
    file = DocumentChooserBlock(required=False, label=_("or a file (MP4 or MP3)"))
    poster = ImageChooserBlock(
        required=False,
        label=_("Poster"),
        help_text=_("Shown before the video plays. Nothing is loaded from elsewhere until a reader asks."),
    )
    transcript = RichTextBlock(
        label=_("Transcript"), help_text=_("The words, for readers who cannot hear or see the recording.")
    )

    class Meta:
        icon = "media"
        label = _("Video or audio")
        group = _("Pictures and files")
        description = _("A recording with our own poster and a transcript.")
        template = "blocks/media.html"
        value_class = MediaValue

    def clean(self, value):
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        errors = {}
        if bool(value["url"]) == bool(value["file"]):
            errors["url"] = ValidationError(_("Give either an address or a file."))
        elif value["url"] and not parse_video_url(value["url"]):
            errors["url"] = ValidationError(_("This is not the address of a video at YouTube or Vimeo."))
        elif value["file"] and value["file"].file_extension not in ("mp4", "mp3"):
            errors["file"] = ValidationError(_("Choose an MP4 or MP3 file."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value

    def get_preview_value(self):
        return self.normalize(
            {
                "title": "How a trial runs",
                "url": "https://vimeo.com/100000001",
                "poster": newest_image(),
                "transcript": "<p>Four islands, joined by paths.</p>",
            }
        )


class DocumentBlock(StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    title = CharBlock(
        required=False, max_length=150, label=_("Title"), help_text=_("The document's own title is used if empty.")
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        group = _("Pictures and files")
        description = _("A file to download, with its type and size.")
        template = "blocks/document.html"

    def get_preview_value(self):
        return self.normalize({"document": newest_document(), "title": "Full response"})
