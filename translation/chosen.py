"""What was chosen on a page, in the source or by a translator, and is not there any more."""

from collections import defaultdict

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

CHOOSERS = {"image_chooser": get_image_model, "document_chooser": get_document_model, "page_chooser": lambda: Page}


def leave_out_gone(props):
    """Take what names nothing any more out of the properties of wagtail-localize's editor.

    Args:
        props: what its script is given, as data; changed in place.
    """
    values = [item for item in props["segments"] if item["type"] == "synchronised_value"]
    kinds = {item["id"]: (item["location"]["widget"] or {}).get("type") for item in values}
    chosen = [(item["id"], item["value"]) for item in values]
    chosen += [(item["segment_id"], item["data"]) for item in props["initialOverrides"]]
    wanted = defaultdict(set)
    for segment, value in chosen:
        if kinds.get(segment) in CHOOSERS:
            wanted[kinds[segment]].add(str(value))
    there = {kind: _there(CHOOSERS[kind](), ids) for kind, ids in wanted.items()}
    gone = {segment for segment, value in chosen if str(value) not in there.get(kinds.get(segment), {str(value)})}
    kept = [item for item in props["segments"] if item["type"] != "synchronised_value" or item["id"] not in gone]
    overrides = [item for item in props["initialOverrides"] if item["segment_id"] not in gone]
    props |= {"segments": kept, "initialOverrides": overrides}


def _there(model, ids):
    """Return those ids, as text, that name something; what a translator chose is stored as the text that was sent."""
    return set(map(str, model.objects.in_bulk([pk for pk in ids if pk.isdecimal() and len(pk) < 19])))
