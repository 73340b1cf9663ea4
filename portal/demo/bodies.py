"""From the demo's own way of writing bodies (keys instead of ids) to StreamField values."""

import re

from core.blocks import BodyBlock

PAGE_LINK = re.compile(r'<a href="page:([\w-]+)">')
DOCUMENT_LINK = re.compile(r'<a href="document:([\w-]+)">')


class Resolver:
    """Replaces the keys of pages, pictures, documents and departments with the ids of what was created."""

    def __init__(self, pages, images, documents, departments):
        self.pages = pages
        self.images = images
        self.documents = documents
        self.departments = departments
        self.block = BodyBlock()

    def page(self, key, language):
        found = self.pages.get((key, language)) or self.pages[key, "en"]
        return found.pk

    def html(self, text, language):
        """Return rich text with its links stored as Wagtail stores them."""
        text = PAGE_LINK.sub(lambda match: f'<a linktype="page" id="{self.page(match[1], language)}">', text)
        return DOCUMENT_LINK.sub(lambda match: f'<a linktype="document" id="{self.documents[match[1]].pk}">', text)

    def body(self, items, language):
        return self.block.to_python([self._resolved(item, language) for item in items])

    def stream(self, instance, name, items, language):
        """Return the value of a StreamField of an instance from items in the demo's form."""
        block = instance._meta.get_field(name).stream_block
        return block.to_python([self._resolved(item, language) for item in items])

    def _resolved(self, item, language):
        value = item["value"]
        if item["type"] == "table":
            value = {"first_column_is_header": value["first_column_is_header"], "table": table(value)}
        # What is the same field or choice in every language has one id.
        known = {"id": item["id"]} if "id" in item else {}
        return {"type": item["type"], "value": self._value(value, language), **known}

    def _value(self, value, language):
        if isinstance(value, str):
            return self.html(value, language)
        if isinstance(value, list):
            return [self._value(item, language) for item in value]
        if not isinstance(value, dict):
            return value
        found = {name: self._value(item, language) for name, item in value.items()}
        for name, objects in (
            ("image", self.images),
            ("poster", self.images),
            ("document", self.documents),
            ("file", self.documents),
            ("department", self.departments),
        ):
            if isinstance(value.get(name), str):
                found[name] = objects[value[name]].pk if value[name] else None
        if isinstance(value.get("page"), str):
            found["page"] = self.page(value["page"], language)
        return found


def table(value):
    """Return a table of plain words as a typed table stores it."""
    return {
        "caption": value["caption"],
        "columns": [{"type": "text", "heading": heading} for heading in value["columns"]],
        "rows": [{"values": row} for row in value["rows"]],
    }
