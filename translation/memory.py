"""What was translated before: the same sentence elsewhere, and the sentence that stood here before it changed."""

from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import wraps

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize import models as localize
from wagtail_localize.models import StringSegment, StringTranslation
from wagtail_localize.strings import StringValue

from translation.models import Review
from translation.segments import CHUNK

# Below this share of equal words, an old translation helps nobody.
SIMILAR = 0.6
# More tags in a sentence are no sentence, and too deep for the parser.
MOST_TAGS = 300
TOOL = "Translation memory"
MACHINE = StringTranslation.TRANSLATION_TYPE_MACHINE


@dataclass
class Proposal:
    """A translation for a sentence that has none, and the source it was made from where that was another sentence.

    What nobody had looked at yet keeps what it waited for (``reason``), and by what it was made (``made_by``).
    """

    segment: StringSegment
    data: str
    previous_source: str = ""
    reason: str = Review.Reason.CHANGED
    made_by: tuple = (StringTranslation.TRANSLATION_TYPE_MANUAL, TOOL)


def beside_others(function):
    """Have what stores sentences done again, once, where somebody saved one of them at this very moment."""
    whole = transaction.atomic(function)

    @wraps(function)
    def stored(*args):
        try:
            return whole(*args)
        except IntegrityError:
            # By now it can be seen.
            return whole(*args)

    return stored


@beside_others
def fill(translation):
    """Give the untranslated sentences of a ``Translation`` what is known already.

    A sentence that was translated elsewhere takes that translation. One that replaced a similar sentence at the same
    place takes that one's translation and waits for a review. What is too long for its field is no translation of it.

    Returns:
        how many sentences were (filled, put up for review).
    """
    waiting = untranslated(translation)
    if not waiting:
        return 0, 0
    same = _same_elsewhere(translation, waiting)
    rest = [segment for segment in waiting if segment.string_id not in same]
    proposals = [
        Proposal(segment, same[segment.string_id]) for segment in waiting if segment.string_id in same
    ] + _similar_before(translation, rest)
    proposals = _fitting(translation, proposals)
    _store(translation, proposals)
    reviews = sum(bool(proposal.previous_source) for proposal in proposals)
    return len(proposals) - reviews, reviews


def _fitting(translation, proposals):
    """Return the proposals that are not too long for their fields."""
    model = ContentType.objects.get_for_id(translation.source.specific_content_type_id).model_class()
    most = {field.name: field.max_length for field in model._meta.concrete_fields if field.max_length}
    return [
        proposal
        for proposal in proposals
        if proposal.segment.context.path not in most
        or len(StringValue(proposal.data).render_text()) <= most[proposal.segment.context.path]
    ]


def untranslated(translation):
    """Return the string segments that have no translation at all in the language, each sentence of a place once."""
    done = set(
        StringTranslation.objects.filter(
            locale_id=translation.target_locale_id, context__object_id=translation.source.object_id
        ).values_list("translation_of_id", "context_id")
    )
    found = {}
    segments = StringSegment.objects.filter(source_id=translation.source_id).select_related("string", "context")
    for segment in segments.order_by("order"):
        identity = (segment.string_id, segment.context_id)
        if identity not in done:
            found.setdefault(identity, segment)
    return list(found.values())


def _same_elsewhere(translation, segments):
    """Return {string id: words}, the newest finished translation of each sentence in any other place."""
    found = {}
    ids = [segment.string_id for segment in segments]
    for start in range(0, len(ids), CHUNK):
        rows = StringTranslation.objects.filter(
            translation_of_id__in=ids[start : start + CHUNK], locale_id=translation.target_locale_id, has_error=False
        )
        found |= dict(rows.order_by("updated_at").values_list("translation_of_id", "data"))
    return found


def _similar_before(translation, segments):
    """Return proposals from what stood at the same places before; every old sentence serves once.

    Not from what this memory put here itself, a machine's words or others, unfit for its sentence: what that was made
    from is among them too.
    """
    here = defaultdict(list)
    for segment in segments:
        here[segment.context_id].append(segment)
    current = StringSegment.objects.filter(source_id=translation.source_id).values("string_id")
    earlier = defaultdict(list)
    old = (
        StringTranslation.objects.filter(
            context__object_id=translation.source.object_id, locale_id=translation.target_locale_id
        )
        .exclude(translation_of_id__in=current)
        .exclude(Q(tool_name=TOOL) | Q(translation_type=MACHINE), has_error=True, review=None)
        .select_related("translation_of", "review")
        .order_by("-updated_at")
    )
    for row in old:
        if row.context_id in here:
            earlier[row.context_id].append(row)
    return [proposal for context, rows in earlier.items() for proposal in _pairs(here[context], rows)]


def _pairs(segments, rows):
    """Yield the best pairs of new and old sentences, the most similar first."""
    scored = sorted(
        ((likeness(row.translation_of.data, segment.string.data), segment.pk, row.pk, segment, row))
        for segment in segments
        for row in rows
    )
    filled, used = set(), set()
    for score, segment_pk, row_pk, segment, row in reversed(scored):
        if score >= SIMILAR and segment_pk not in filled and row_pk not in used:
            filled.add(segment_pk)
            used.add(row_pk)
            yield _proposal(segment, row)


def _proposal(segment, row):
    """Return what an old sentence offers a new one; the source that a person last looked at it for counts."""
    review = getattr(row, "review", None)
    previous = (review and review.previous_source) or row.translation_of.data
    if row.has_error and row.translation_type == MACHINE:
        made_by = (row.translation_type, row.tool_name)
        return Proposal(segment, row.data, previous, Review.Reason.MACHINE, made_by)
    return Proposal(segment, row.data, previous, review.reason if review else Review.Reason.CHANGED)


def likeness(one, other):
    """Return how alike two sentences are, from 0 to 1: of their letters if they are short, else of their words."""
    if min(len(one), len(other)) < 80:
        return SequenceMatcher(None, one, other, autojunk=False).ratio()
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _store(translation, proposals):
    now = timezone.now()
    rows = [
        StringTranslation(
            translation_of_id=proposal.segment.string_id,
            locale_id=translation.target_locale_id,
            context_id=proposal.segment.context_id,
            data=proposal.data,
            translation_type=proposal.made_by[0],
            tool_name=proposal.made_by[1],
            updated_at=now,
            has_error=bool(proposal.previous_source) or not fits(proposal.segment.string.data, proposal.data),
        )
        for proposal in proposals
    ]
    StringTranslation.objects.bulk_create(rows, batch_size=CHUNK)
    Review.objects.bulk_create(
        Review(translation=row, reason=proposal.reason, previous_source=proposal.previous_source)
        for row, proposal in zip(rows, proposals, strict=True)
        if proposal.previous_source and fits(proposal.segment.string.data, proposal.data)
    )
    title = next((proposal.data for proposal in proposals if proposal.segment.context.path == "title"), None)
    if title:
        show_title(translation.source.object_id, translation.target_locale_id, title)


def fits(source, translated):
    """Return whether a translation has the allowed markup, not too much of it, and just the links of its source."""
    if translated.count("<") > MOST_TAGS:
        return False
    try:
        StringValue.from_translated_html(translated)
        localize.validate_translation_links(source, translated)
    except ValueError:
        return False
    return True


def is_blank(words):
    """Return whether nobody would see anything of a translation: it is empty, or of spaces, marks and tags alone."""
    if words.count("<") > MOST_TAGS:
        return False
    return not any(sign.isprintable() and sign != " " for sign in StringValue(words).render_text())


def show_title(translation_key, locale_id, title):
    """Show a page's translated title in the explorer, as wagtail-localize does, but as plain words that fit."""
    pages = Page.objects.filter(translation_key=translation_key, locale_id=locale_id)
    pages.update(draft_title=StringValue(title).render_text()[:255])
