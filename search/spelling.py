"""What the reader may have meant: a word of the index that is one slip away from one that nothing has."""

from collections import defaultdict
from itertools import islice

from django.db import transaction
from django_tasks import task

from delivery import generation
from search import engine, text
from search.models import EntryText, Spelling

SHORTEST, LONGEST = 4, 30
ENTRIES_AT_ONCE = 200
CANDIDATES = 20
# Those that are corrected; times the candidates, fewer than the questions that SQLite joins in one.
MAX_WORDS = 16
# Behind mail and whatever else somebody waits for; ahead of pictures, which take long.
AFTER_MAIL = -20


@task(priority=AFTER_MAIL)
def learn(entry_ids):
    """Make the words of some entries that readers may find known (background task)."""
    for start in range(0, len(entry_ids), ENTRIES_AT_ONCE):
        texts = EntryText.objects.filter(pk__in=entry_ids[start : start + ENTRIES_AT_ONCE], entry__is_listed=True)
        learn_texts(texts.values_list("entry__language", "entry__title", "text"))


def learn_texts(texts):
    """Make the words of texts known.

    Args:
        texts: (language, title, text) of each.
    """
    forms = defaultdict(dict)
    for language, *parts in texts:
        for part in parts:
            _collect(part, forms[language])
    for language, words in forms.items():
        unknown = sorted(words.keys() - _known(language, words))
        rows = (
            Spelling(language=language, spelling=spelling, word=word, written=words[word])
            for word in unknown
            for spelling in sorted(spellings(word))
        )
        with transaction.atomic():
            Spelling.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
            if unknown:
                generation.bump()


def _collect(written, forms):
    """Add the words of a text that can be mistyped, as {folded: as it is written}; a name keeps its capital."""
    for match in text.WORD.finditer(written):
        for piece in text.JOINTS.split(match.group()):
            word = text.fold(piece)
            if _can_be_mistyped(word) and (word not in forms or piece.islower()):
                forms[word] = piece[:LONGEST]


def _known(language, words):
    words = sorted(words)
    known = set()
    for start in range(0, len(words), 500):
        some = words[start : start + 500]
        rows = Spelling.objects.filter(language=language, spelling__in=some).values_list("spelling", "word")
        known |= {word for spelling, word in rows if spelling == word}
    return known


def spellings(word):
    """Return a word and what is left of it when any one letter is."""
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def correction(typed, language):
    """Return what was typed with its unknown words put right, or None where there is nothing to put right.

    Args:
        typed: what the reader typed.
        language: the code of the reader's language.
    """
    matches = islice(text.WORD.finditer(typed), MAX_WORDS)
    written = {match.span(): text.fold(match.group()) for match in matches}
    unknown = _unknown({word for word in written.values() if _can_be_mistyped(word)}, language)
    near, forms = _near(unknown, language) if unknown else ({}, {})
    counts = _counts(set().union(*near.values()), language)
    better = {span: best for span, word in written.items() if (best := _likeliest(word, near.get(word, ()), counts))}
    for start, end in sorted(better, reverse=True):
        typed = typed[:start] + forms[better[start, end]] + typed[end:]
    return typed if better else None


def _unknown(words, language):
    counts = _counts(words, language)
    return {word for word in words if not counts[word]}


def _counts(words, language):
    """Return {word: in how many things that readers may find it occurs, in any form}."""
    tokens = {word: text.analyse(word, language).parts[0] for word in words}
    found = engine.frequencies(tokens.values(), language) if tokens else {}
    return {word: found[token] for word, token in tokens.items()}


def _can_be_mistyped(word):
    # What looks like an apostrophe can count as a letter.
    return SHORTEST <= len(word) <= LONGEST and word.isalpha() and not text.JOINTS.search(word)


def _likeliest(word, near, counts):
    """Return the word nearest to an unknown one that readers can find, the more frequent first, or None."""
    known = [one for one in near if counts[one]]
    return min(known, key=lambda one: (_unlikeness(word, one), -counts[one], one), default=None)


def _near(words, language):
    """Return {word: the known words that are one slip from it, the likeliest first}, and {known word: as written}."""
    looked_for = {word: spellings(word) for word in words}
    rows = Spelling.objects.filter(language=language, spelling__in=set().union(*looked_for.values()))
    sharing, forms = defaultdict(set), {}
    for spelling, known, written in rows.values_list("spelling", "word", "written"):
        sharing[spelling].add(known)
        forms[known] = written
    near = {}
    for word, some in looked_for.items():
        known = set().union(*(sharing[one] for one in some)) - {word}
        slips = [one for one in known if _is_one_slip(word, one)]
        near[word] = sorted(slips, key=lambda one: (_unlikeness(word, one), one))[:CANDIDATES]
    return near, forms


def _is_one_slip(one, other):
    """Return whether a letter was left out, added, taken for another, or two changed places."""
    if len(one) != len(other):
        shorter, longer = sorted((one, other), key=len)
        return shorter in spellings(longer)
    places = [place for place in range(len(one)) if one[place] != other[place]]
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        return one[first] == other[second] and one[second] == other[first]
    return len(places) <= 1


def _unlikeness(typed, word):
    """Return how unlikely a slip is: people seldom mistype the first letter, and often swap or double one."""
    is_swap = sorted(typed) == sorted(word)
    is_doubled = len(typed) != len(word) and set(typed) == set(word)
    # There are many wrong letters for a place, but only one that is missing there.
    is_left_out = len(typed) < len(word)
    return (typed[0] != word[0] and not is_swap) + 0.5 * (not (is_swap or is_doubled or is_left_out))
