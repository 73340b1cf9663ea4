"""Two people at one sentence: nobody writes over a colleague's words without having seen them.

Each sentence's address in the editor carries a fingerprint of the words that were shown there.
"""

import hashlib

from wagtail_localize.models import StringTranslation

from translation import memory

SHOWN = "shown"


def is_written(row):
    """Return whether a person stands behind a stored sentence: words of a program or in review give way."""
    return row is not None and row.tool_name != memory.TOOL and not hasattr(row, "review")


def note_shown(props):
    """Add to the addresses in the data of the editor's script what is shown beside them."""
    said = {item["segment_id"]: item["data"] for item in props["initialStringTranslations"]}
    for item in props["segments"]:
        if item["type"] == "string":
            item["editUrl"] += f"?{SHOWN}={_fingerprint(said.get(item['id'], ''))}"


def unseen(request, translation, segment):
    """Return the words of somebody else that a request would write over without having been shown them, or None.

    Args:
        request: one that changes a sentence, at the address that the editor had.
        translation: the ``Translation``.
        segment: the ``StringSegment``.
    """
    mine = {"locale": translation.target_locale_id, "context": segment.context_id, "translation_of": segment.string_id}
    row = StringTranslation.objects.filter(**mine).select_related("review").first()
    if SHOWN not in request.GET or not is_written(row) or row.last_translated_by_id == request.user.pk:
        return None
    seen = {request.GET[SHOWN], request.session.get(_key(segment))}
    return None if _fingerprint(row.data) in seen else row.data


def note_seen(request, segment, words):
    """Remember that somebody was shown a colleague's words, so that they may put theirs in the place of these."""
    request.session[_key(segment)] = _fingerprint(words)


def _key(segment):
    return f"seen-sentence-{segment.pk}"


def _fingerprint(words):
    return hashlib.sha256(words.encode()).hexdigest()[:8]
