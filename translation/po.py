"""PO files out and in, as translators' own programs read and write them."""

import hashlib
import re
from dataclasses import dataclass, field
from tempfile import NamedTemporaryFile
from uuid import UUID

import polib
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from translation import meanwhile, memory
from translation.models import Review
from translation.segments import CHUNK

TRANSLATION_ID = "X-WagtailLocalize-TranslationID"
EXPORTED = "X-Portal-Exported"
TOOL = "PO file"
MAX_BYTES = 5 * 1024 * 1024
CHARSET = re.compile(rb"charset=([\w.:-]+)")


class UnreadableFile(Exception):
    """A file that cannot be taken in; the message says why, in the language of whoever sent it."""


@dataclass
class Outcome:
    """What an import did.

    What stayed as it is here is listed as pairs: ``newer`` (sentence, words here) where only somebody here changed it
    since the download, ``clashing`` (sentence, words in the file) where the file changed it as well.
    """

    changed: int = 0
    unsure: int = 0
    unchanged: int = 0
    wrong: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    blank: list = field(default_factory=list)
    newer: list = field(default_factory=list)
    clashing: list = field(default_factory=list)


@dataclass
class Offer:
    """What a file says of one sentence, beside what stands here (a ``StringTranslation``, or None)."""

    segment: StringSegment
    words: str
    is_fuzzy: bool
    row: StringTranslation | None

    @property
    def changes_nothing(self):
        is_final = self.row is not None and not self.row.has_error
        is_same = self.row is not None and self.row.data.strip() == self.words and (self.is_fuzzy or is_final)
        return is_same or (self.is_fuzzy and is_final)

    def is_older(self, marks):
        """Return whether the file says what it said when it was downloaded."""
        return _mark(self.segment, self.words, self.is_fuzzy) in marks

    def clashes(self, marks, user):
        """Return whether a person's words came here since, other than with this file sent before by the same user."""
        row = self.row
        if not meanwhile.is_written(row):
            return False
        return not self.is_own(user) and _mark(self.segment, row.data, row.has_error) not in marks

    def is_own(self, user):
        """Return whether what stands here came with a file that the same user sent."""
        row = self.row
        return row is not None and row.tool_name == TOOL and row.last_translated_by_id == (user and user.pk)


def _mark(segment, words, is_fuzzy):
    """Return a short fingerprint of a sentence and its translation, to know them again."""
    said = "\0".join((segment.context.path, segment.string.data, words.strip(), str(bool(is_fuzzy))))
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def exported(translation):
    """Return the sentences of a ``Translation`` as a ``polib.POFile`` that ``msgfmt -c`` accepts.

    A sentence that stands at one place twice is there once. What needs a review is marked fuzzy, with the source
    sentence it was made for. A header tells what every sentence said, so that ``take_in`` knows who changed it since.
    """
    file = polib.POFile(wrapwidth=0)
    file.metadata = _header(translation)
    known = _translations(translation)
    seen, marks = set(), []
    for segment in _segments(translation):
        identity = (segment.context.path, segment.string.data)
        if identity not in seen:
            seen.add(identity)
            entry = _entry(segment, known.get((segment.string_id, segment.context_id)))
            file.append(entry)
            marks.append(_mark(segment, entry.msgstr, entry.fuzzy))
    file.metadata[EXPORTED] = " ".join(marks)
    return file


def _header(translation):
    now = f"{timezone.now():%Y-%m-%d %H:%M%z}"
    return {
        "Project-Id-Version": " ".join(translation.source.object_repr.split()),
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": f"{translation.source.last_updated_at:%Y-%m-%d %H:%M%z}",
        "PO-Revision-Date": now,
        "Last-Translator": "Portal",
        "Language-Team": str(translation.target_locale.get_display_name()),
        "Language": translation.target_locale.language_code.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Source-Language": translation.source.locale.language_code,
        TRANSLATION_ID: str(translation.uuid),
    }


def _segments(translation):
    rows = StringSegment.objects.filter(source_id=translation.source_id).order_by("order")
    return rows.select_related("string", "context")


def _translations(translation):
    """Return {(string id, context id): StringTranslation} of everything translated on this page."""
    rows = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale_id=translation.target_locale_id
    )
    return {(row.translation_of_id, row.context_id): row for row in rows.select_related("review")}


def _entry(segment, known):
    entry = polib.POEntry(
        msgctxt=segment.context.path, msgid=segment.string.data, comment=segment.context.field_path or ""
    )
    if known is not None:
        entry.msgstr = known.data
        if known.has_error:
            entry.flags.append("fuzzy")
            review = getattr(known, "review", None)
            entry.previous_msgid = (review.previous_source or None) if review else None
    return entry


def read(content):
    """Return the ``polib.POFile`` in the bytes of a file.

    Raises:
        UnreadableFile: it is too large, not text in the encoding that it names, or not a PO file.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("The file is too large: at most 5 MB are read."))
    text = _decoded(content)
    if "\n" not in text or "msgid" not in text:
        raise UnreadableFile(_("This is not a PO file."))
    try:
        file = _parsed(text)
    except (ValueError, IndexError) as error:
        detail = " ".join(str(error).split())[:200]
        raise UnreadableFile(_("This is not a valid PO file. %(detail)s") % {"detail": detail}) from error
    if not file and not file.metadata:
        raise UnreadableFile(_("There is nothing to read in this PO file."))
    return file


def _parsed(text):
    """Return the ``polib.POFile`` of a text.

    By way of a file: of a text, polib takes U+2028 and its like for ends of lines too, which may stand in sentences.
    """
    with NamedTemporaryFile("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        try:
            return polib.pofile(file.name, encoding="utf-8")
        except OSError as error:
            raise ValueError(str(error).replace(f"{file.name} ", "")) from error


def _decoded(content):
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        named = CHARSET.search(content[:4096])
        encoding = named[1].decode("ascii") if named and named[1].upper() != b"CHARSET" else "utf-8"
        encoding = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError) as error:
        message = _("The file's letters cannot be read: it is not in the encoding that it names (%(encoding)s).")
        raise UnreadableFile(message % {"encoding": encoding.removesuffix("-sig").upper()}) from error


def check_owner(file, translation):
    """Raise UnreadableFile unless a PO file was exported from this translation."""
    owner = file.metadata.get(TRANSLATION_ID, "").strip()
    if not owner:
        message = _("The file does not say which page it belongs to: the header “%(name)s” is missing.")
        raise UnreadableFile(message % {"name": TRANSLATION_ID})
    if owner == str(translation.uuid):
        return
    try:
        other = Translation.objects.select_related("source", "target_locale").get(uuid=UUID(owner))
    except (ValueError, Translation.DoesNotExist):
        raise UnreadableFile(_("The file belongs to a translation that does not exist here.")) from None
    words = {"title": other.source.object_repr, "language": other.target_locale.get_display_name()}
    raise UnreadableFile(_("The file belongs to another page: “%(title)s” in %(language)s.") % words)


@transaction.atomic
def take_in(file, translation, user=None):
    """Store the translations of a PO file.

    A fuzzy entry is kept for review and never replaces a finished translation. What is equal already is left alone,
    so that taking in an export changes nothing. What somebody else, or the editor, changed here since the file was
    downloaded stays; a file without the header that tells so is taken whole.

    Args:
        file: a ``polib.POFile`` that belongs to the translation.
        translation: the ``Translation``.
        user: who sent it.

    Returns:
        the ``Outcome``.
    """
    segments = {(item.context.path, item.string.data): item for item in _segments(translation)}
    known = _translations(translation)
    marks = set(file.metadata.get(EXPORTED, "").split())
    outcome, changes = Outcome(), {}
    for entry in file:
        words = entry.msgstr.replace("\0", "").strip()
        if entry.obsolete or not entry.msgstr:
            continue
        if memory.is_blank(words):
            outcome.blank.append(entry.msgid)
            continue
        segment = segments.get((entry.msgctxt, entry.msgid))
        if segment is None:
            outcome.unknown.append(entry.msgid)
            continue
        row = known.get((segment.string_id, segment.context_id))
        _weigh(Offer(segment, words, entry.fuzzy, row), marks, user, outcome, changes)
    _store(translation, user, known, changes)
    title = next((words for words, _fuzzy, _fits, path in changes.values() if path == "title"), None)
    if title:
        memory.show_title(translation.source.object_id, translation.target_locale_id, title)
    return outcome


def _weigh(offer, marks, user, outcome, changes):
    """Decide about one entry, and count it."""
    segment, words = offer.segment, offer.words
    if offer.changes_nothing:
        outcome.unchanged += 1
        return
    if marks and offer.is_older(marks) and not offer.is_own(user):
        outcome.newer.append((segment.string.data, offer.row.data if offer.row else ""))
        return
    if marks and offer.clashes(marks, user):
        outcome.clashing.append((segment.string.data, words))
        return
    is_fitting = memory.fits(segment.string.data, words)
    changes[segment.string_id, segment.context_id] = (words, offer.is_fuzzy, is_fitting, segment.context.path)
    if not is_fitting:
        outcome.wrong.append(segment.string.data)
    elif offer.is_fuzzy:
        outcome.unsure += 1
    else:
        outcome.changed += 1


def _store(translation, user, known, changes):
    now = timezone.now()
    new, old = [], []
    for identity, (words, is_fuzzy, is_fitting, _path) in changes.items():
        row = known.get(identity) or StringTranslation(
            translation_of_id=identity[0], context_id=identity[1], locale_id=translation.target_locale_id
        )
        row.data, row.has_error, row.field_error = words, is_fuzzy or not is_fitting, ""
        row.translation_type, row.tool_name = StringTranslation.TRANSLATION_TYPE_MANUAL, TOOL
        row.last_translated_by, row.updated_at = user, now
        (old if row.pk else new).append(row)
    names = ["data", "has_error", "field_error", "translation_type", "tool_name", "last_translated_by", "updated_at"]
    StringTranslation.objects.bulk_update(old, names, batch_size=CHUNK // 4)
    StringTranslation.objects.bulk_create(new, batch_size=CHUNK)
    Review.objects.filter(translation__in=[row.pk for row in old]).delete()
    Review.objects.bulk_create(
        Review(translation=row, reason=Review.Reason.FUZZY)
        for row in [*old, *new]
        if changes[row.translation_of_id, row.context_id][1] and changes[row.translation_of_id, row.context_id][2]
    )
