"""The one body that every page type has."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamBlock
from wagtail.blocks.stream_block import StreamBlockValidationError

from core.blocks.data import StatisticBlock, TableBlock
from core.blocks.links import CallToActionBlock, LinkListBlock
from core.blocks.media import DocumentBlock, FigureBlock, GalleryBlock, MediaBlock
from core.blocks.text import (
    FootnotesBlock,
    HeadingBlock,
    KeyPointsBlock,
    ParagraphBlock,
    QuestionsBlock,
    QuoteBlock,
)


class BodyBlock(StreamBlock):
    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    key_points = KeyPointsBlock()
    quote = QuoteBlock()
    questions = QuestionsBlock()
    footnotes = FootnotesBlock()
    image = FigureBlock()
    gallery = GalleryBlock()
    media = MediaBlock()
    document = DocumentBlock()
    table = TableBlock()
    statistic = StatisticBlock()
    call_to_action = CallToActionBlock()
    link_list = LinkListBlock()

    class Meta:
        block_counts = {"footnotes": {"max_num": 1}}

    def clean(self, value):
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        errors = {}
        is_in_section = False
        for index, block in enumerate(value):
            if block.block_type != "heading":
                continue
            if block.value["level"] == "3" and not is_in_section:
                errors[index] = ValidationError(_("A part of a section needs a section heading above it."))
            is_in_section = True
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return value
