"""Blocks of figures: tables and statistics."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, FloatBlock, RichTextBlock, StructBlock
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import StreamFieldSegmentExtractor
from wagtail_localize.segments.ingest import StreamFieldSegmentsWriter

from core.blocks.text import INLINE_FEATURES


class CellsBlock(TypedTableBlock):
    """A table whose caption, headings and words are offered to translators; wagtail-localize passes over tables."""

    text = CharBlock(required=False, label=_("Words"))
    number = FloatBlock(required=False, label=_("Number"))
    rich_text = RichTextBlock(required=False, features=INLINE_FEATURES, label=_("Words with links"))

    def get_translatable_segments(self, value):
        """Return the segments of a table: its caption, the headings ``column-1``, the cells ``row-1-1``."""
        segments = [StringSegmentValue("caption", value.caption or "")]
        extractor = StreamFieldSegmentExtractor(None)
        for place, column in enumerate(value.columns, start=1):
            segments.append(StringSegmentValue(f"column-{place}", column["heading"]))
        for line, row in enumerate(value.rows, start=1):
            for place, cell in enumerate(row, start=1):
                if cell.value is not None:
                    found = extractor.handle_block(cell.block, cell.value)
                    segments += [segment.wrap(f"row-{line}-{place}") for segment in found]
        return segments

    def restore_translated_segments(self, value, segments):
        """Return the table with translated words in the places that ``get_translatable_segments`` names."""
        by_place = defaultdict(list)
        for segment in segments:
            place, rest = segment.unwrap()
            by_place[place].append(rest)
        writer = StreamFieldSegmentsWriter(None, None, None)
        for place, found in by_place.items():
            kind, *numbers = place.split("-")
            if kind == "caption":
                value.caption = found[0].render_text()
            elif kind == "column":
                value.columns[int(numbers[0]) - 1]["heading"] = found[0].render_text()
            else:
                line, column = (int(number) - 1 for number in numbers)
                block = value.columns[column]["block"]
                cells = value.row_data[line]["values"]
                cells[column] = writer.handle_block(block, cells[column], found)
        return value


class TableBlock(StructBlock):
    table = CellsBlock(label=_("Table"))
    first_column_is_header = BooleanBlock(required=False, default=True, label=_("The first column names its row"))

    class Meta:
        icon = "table"
        label = _("Table")
        group = _("Figures")
        description = _("A table with a caption and headed columns.")
        template = "blocks/table.html"

    def clean(self, value):
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        table = value["table"]
        if not table.columns:
            message = _("The table is empty.")
        elif not (table.caption or "").strip():
            message = _("Give the table a caption: it says what the figures are.")
        elif not all(column["heading"].strip() for column in table.columns):
            message = _("Every column needs a heading.")
        else:
            return value
        raise StructBlockValidationError(block_errors={"table": ValidationError(message)})

    def get_preview_value(self):
        return self.to_python(
            {
                "first_column_is_header": True,
                "table": {
                    "caption": "Units by nation",
                    "columns": [{"type": "text", "heading": "Nation"}, {"type": "number", "heading": "Units"}],
                    "rows": [{"values": ["Scotland", 9]}, {"values": ["Wales", 6]}],
                },
            }
        )


class StatisticBlock(StructBlock):
    value = CharBlock(max_length=40, label=_("Figure"), help_text=_("For example 61 or 4 in 5."))
    label = CharBlock(max_length=200, label=_("What it counts"))
    source = CharBlock(required=False, max_length=250, label=_("Source"))

    class Meta:
        icon = "decimal"
        label = _("Statistic")
        group = _("Figures")
        description = _("One figure, large, with what it counts and its source.")
        template = "blocks/statistic.html"
        preview_value = {"value": "61", "label": "registered trials units", "source": "Directory of units, 2026"}
