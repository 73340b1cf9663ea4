"""Which pages, documents and images a body refers to, read from its stored form without loading any."""

from wagtail.blocks import ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.rich_text import extract_references_from_rich_text


def announced(stream_value):
    """Yield (model, id) for everything that a StreamField value refers to.

    Args:
        stream_value: the value of a StreamField, read from the database or from a form.
    """
    for item in stream_value.raw_data:
        yield from _in_block(stream_value.stream_block.child_blocks.get(item["type"]), item["value"])


def _in_block(block, raw):
    if block is None or not raw:
        return
    if isinstance(block, ChooserBlock):
        yield block.model_class, raw
    elif isinstance(block, RichTextBlock):
        for model, pk, *_path in extract_references_from_rich_text(raw):
            yield model, pk
    elif isinstance(block, TypedTableBlock):
        for index, column in enumerate(raw["columns"]):
            for row in raw["rows"]:
                yield from _in_block(block.child_blocks.get(column["type"]), row["values"][index])
    else:
        yield from _in_children(block, raw)


def _in_children(block, raw):
    if isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _in_block(child, raw.get(name))
    elif isinstance(block, ListBlock):
        for item in raw:
            yield from _in_block(
                block.child_block, item["value"] if isinstance(item, dict) and "value" in item else item
            )
    elif isinstance(block, StreamBlock):
        for item in raw:
            yield from _in_block(block.child_blocks.get(item["type"]), item["value"])
