"""From what a reader typed to an expression of the index.

Words find what has any of them, best first; words in quotes must follow one another; what has a minus before it must
not be there.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain

from search import compiling, synonyms, text
from search.engine.expression import Phrase, all_of, any_of, tokens, without

MAX_CHARACTERS = 200
MAX_TERMS = 16
# Typed, or put there by a telephone or a word processor.
OPENING, CLOSING = '"“„«»”', '"”“»«'
TERM = re.compile(
    rf"(?P<minus>(?<!\S)[-−–])?(?:[{OPENING}](?P<phrase>[^{OPENING}]*)[{CLOSING}]|(?P<word>[^\s{OPENING}]+))"
)
MAX_READ = 2_000


@dataclass(frozen=True)
class Query:
    """What is looked for, in one language.

    Attributes:
        expression: of the index, or None where there is nothing to look for.
        only_excludes: whether it only says what to leave out.
        is_broad: whether any of several words will do, so that some of what is found has only the least of them.
    """

    expression: object
    only_excludes: bool = False
    is_broad: bool = False

    @property
    def tokens(self):
        """The tokens that are marked in what is found."""
        return frozenset(tokens(self.expression)) if self.expression else frozenset()


def clean(typed):
    """Return what was typed as it is shown back: printable, one line, at most 200 characters."""
    # Long enough for everything that is kept, short enough to be looked at.
    shown = unicodedata.normalize("NFC", str(typed)[:MAX_READ])
    printable = "".join(sign if sign.isprintable() or unicodedata.category(sign) == "Cf" else " " for sign in shown)
    return " ".join(_balanced(printable).split())[:MAX_CHARACTERS].strip()


def _balanced(written):
    """Return text without the signs that turn the direction of what follows; joiners inside words stay."""
    return "".join(sign for sign in written if not ("\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"))


def parse(typed, language, needs_all=False):
    """Return the Query of a cleaned text.

    Args:
        typed: what ``clean`` returned.
        language: the code of the reader's language.
        needs_all: whether all words must occur.
    """
    words, phrases, unwanted = [], [], []
    terms = list(TERM.finditer(typed.replace("\0", " ")))[:MAX_TERMS]
    for term in terms:
        phrase = compiling.phrase(term["phrase"], (language,)) if term["phrase"] else None
        if term["minus"]:
            unwanted.append(phrase or compiling.phrase(term["word"] or "", (language,)))
        elif phrase:
            phrases.append(phrase)
        else:
            words += text.words(term["word"] or "", language)
    ways = [way for way in _ways(words, language, needs_all) if way]
    excluded = any_of(unwanted)
    wanted = _wanted(ways, phrases, needs_all)
    is_broad = not (needs_all or phrases) and len(ways) > 1
    return Query(without(wanted, excluded), wanted is None and excluded is not None, is_broad)


def _wanted(ways, phrases, needs_all):
    if needs_all:
        return all_of([*phrases, *ways])
    # Beside a phrase, single words only say what comes first.
    return all_of([*phrases, any_of([*phrases, *ways])]) if phrases else any_of(ways)


def _ways(words, language, needs_all):
    """Return what finds each word, or words that have synonyms together."""
    known = synonyms.alternatives(language)
    place = 0
    while place < len(words):
        end = _end_of_synonym(words, place, known)
        found = [compiling.of_word(word, needs_all) for word in words[place : end or place + 1]]
        others = [Phrase(form) for form in known.get(_form(words[place:end]), ())] if end else []
        if others and needs_all:
            yield any_of([all_of(found), *others])
        else:
            yield from (*found, *others)
        place = end or place + 1


def _form(words):
    return tuple(chain.from_iterable(word.parts for word in words))


def _end_of_synonym(words, start, known):
    """Return where the longest phrase that has synonyms ends, or None where none begins."""
    ends = range(len(words), start, -1) if known else ()
    return next((end for end in ends if _form(words[start:end]) in known), None)
