"""From words to an expression of the index."""

from search import text
from search.engine.expression import Phrase, all_of, any_of

MAX_WORDS = 32
MAX_CHARACTERS = 60


def word(written, languages, needs_whole=False):
    """Return what finds one written word, or None.

    Args:
        written: a word as ``search.text.WORD`` finds it.
        languages: the codes of the languages in which it may be meant; "" for things without a language.
        needs_whole: whether all parts of a word with a hyphen must be there, and not any.
    """
    return any_of(of_word(text.analyse(written, language), needs_whole) for language in languages)


def of_word(found, needs_whole):
    """Return what finds a ``search.text.Word``, or None where nothing of it can be found."""
    rows = found.phrases if needs_whole else found.any_pieces
    return any_of(Phrase(row) for row in rows if row)


def words(written):
    """Return the first words of what was typed, as they were typed; words of many parts count as many."""
    found, left = [], MAX_WORDS
    for match in text.WORD.finditer(written):
        word = match.group()[:MAX_CHARACTERS]
        left -= len(word) // 2 if text.is_spaceless(word) else len(text.JOINTS.split(word))
        if left < 0:
            break
        found.append(word)
    return found


def some_words(written, languages):
    """Return what finds any of the words of a text, or None where there are none."""
    return any_of(word(one, languages) for one in words(written))


def all_words(written, languages):
    """Return what finds all words of a text, or None where there are none."""
    return all_of(word(one, languages, needs_whole=True) for one in words(written))


def phrase(written, languages):
    """Return what finds the words of a text next to each other, or None where there are none."""
    rows = (_row(words(written), language) for language in languages)
    return any_of(Phrase(row) for row in rows if row)


def _row(written, language):
    return tuple(token for one in written for token in text.analyse(one, language).parts)
