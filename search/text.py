"""From text to tokens, the same for what is stored and for what is asked.

A token is a folded, stemmed word with its language before it, ``en_trial``, so that one index serves all languages and
how often a word occurs is known for each.
"""

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import Stemmer
from django.conf.locale import LANG_INFO

from search import arabic, welsh

# Bumped when the same text gives other tokens, or they are stored otherwise: everything is then indexed anew.
VERSION = 2
BREAK = "_"
MAX_TOKEN = 60
MAX_TOKENS = 50_000
# Without spaces, a whole page can be one.
MAX_WORD = 5_000
# Marks of letters and invisible signs inside words, as far as words of them are written here.
MARKS = "".join(
    chr(code)
    for code in (0xAD, *range(0x300, 0xABFF), *range(0xFE20, 0xFE30), 0xFEFF)
    if unicodedata.category(chr(code)) in ("Mn", "Mc", "Me", "Cf")
)
APOSTROPHES = "'’‘ʼ＇"
HYPHENS = "\\-‐‑"
RUN_OF_LETTERS = rf"[^\W_]+(?:[{MARKS}]+[^\W_]*)*"
WORD = re.compile(rf"{RUN_OF_LETTERS}(?:[{APOSTROPHES}{HYPHENS}]{RUN_OF_LETTERS})*")
JOINTS = re.compile(rf"[{APOSTROPHES}{HYPHENS}]")
# Scripts that write no spaces between words: Thai to Myanmar, Khmer, kana, Chinese characters.
SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{SPACELESS}]+|[^{SPACELESS}]+")
LETTERS = str.maketrans({"ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"})
# Letters with a mark that are letters of their own, without which endings are not known.
OWN_LETTERS = "йї"
# Plurals that Snowball leaves as they are, with anglais and palais.
IRREGULAR = {"fr": {f"{word}s": word for word in ("emploi", "envoi", "essai", "loi", "quai", "tournoi")}}
# A single letter before a hyphen belongs to what follows: e-mail, x-ray.
LETTER_FIRST = re.compile(rf"^([^\W\d_])[{HYPHENS}](?=[^\W_]{{2}})")
IN_ARABIC_LETTERS = ("ar", "fa", "ur")
_stemmers = threading.local()


@dataclass(frozen=True)
class Word:
    """What one word is indexed by.

    Attributes:
        pieces: rows of tokens that follow one another; a word with a hyphen has several.
        joined: the token of the whole word, where there are several pieces, or "".
    """

    pieces: tuple
    joined: str = ""

    @cached_property
    def parts(self):
        """The tokens of all pieces in order."""
        return tuple(chain.from_iterable(self.pieces))

    @property
    def phrases(self):
        """The ways to find it whole, each a row of tokens that follow one another."""
        return (self.parts, (self.joined,)) if self.joined else (self.parts,)

    @property
    def any_pieces(self):
        """The ways to find it whole or in part."""
        return (*self.pieces, (self.joined,)) if self.joined else self.pieces

    @cached_property
    def tokens(self):
        """All tokens by which it can be found."""
        return frozenset((*self.parts, self.joined) if self.joined else self.parts)


def _is_dropped(character):
    """Return whether a character is a mark that readers leave out, or cannot be seen.

    Vowel signs of Indic and Thai letters (combining class 0, 9 and 100 to 199) stay.
    """
    combining = unicodedata.combining(character)
    return 10 <= combining < 100 or combining >= 200 or unicodedata.category(character) == "Cf"


@lru_cache(30_000)
def fold(word):
    """Return a word in small letters without accents, full-width forms and foreign digits."""
    if word.isascii():
        return word.lower()
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    for letter in OWN_LETTERS:
        spread = spread.replace(unicodedata.normalize("NFKD", letter), letter)
    kept = "".join(_digit(character) for character in spread if not _is_dropped(character))
    return unicodedata.normalize("NFC", kept).translate(LETTERS)


def _digit(character):
    return str(unicodedata.decimal(character, character))


@lru_cache
def _algorithm(language):
    """Return the name of Snowball's algorithm for a language, or None."""
    name = LANG_INFO.get(language, LANG_INFO.get(language.split("-")[0], {})).get("name", "")
    name = name.lower().split(" ")[0]
    return name if name in Stemmer.algorithms() else None


def stem(word, language):
    """Return the stem of a folded word in a language.

    Args:
        word: one folded word.
        language: a language code; of an unknown language, and "", the word itself is returned.
    """
    if language == "cy":
        return welsh.stem(word)
    if language in IN_ARABIC_LETTERS:
        return arabic.stem(word)
    algorithm = _algorithm(language) if language and not word[0].isdigit() else None
    if algorithm is None:
        return word
    word = IRREGULAR.get(language, {}).get(word, word)
    # A stemmer keeps the word that it works on: one for each thread.
    made = vars(_stemmers)
    if algorithm not in made:
        made[algorithm] = Stemmer.Stemmer(algorithm)
    return made[algorithm].stemWord(word) or word


def prefix(language):
    """Return what the tokens of a language begin with."""
    return f"{language.replace('-', '')}{BREAK}"


@lru_cache(30_000)
def analyse(word, language):
    """Return the Word that a written word is in a language.

    Args:
        word: what WORD finds, for example ``long-term`` or ``l’hôpital``.
        language: a language code, or "" where it is not known.
    """
    pieces = [folded for piece in JOINTS.split(LETTER_FIRST.sub(r"\1", word)) if (folded := fold(piece))]
    if len(pieces) > 1 and (spoken := [piece for piece in pieces if len(piece) > 1 or piece.isdigit()]):
        # The s of a genitive, the l of an article.
        joined = "".join(pieces) if len(pieces) == len(spoken) or pieces[-1] != "s" else ""
        pieces = spoken
    else:
        joined = ""
    start = prefix(language)
    rows = [_parts(run, language) for piece in pieces for run in RUN.findall(piece)]
    whole = (start + stem(joined, language))[:MAX_TOKEN] if joined and joined != pieces[0] else ""
    return Word(tuple(tuple((start + part)[:MAX_TOKEN] for part in row) for row in rows), whole)


def _parts(run, language):
    if not is_spaceless(run):
        return [stem(run, language)]
    return [run[place : place + 2] for place in range(len(run) - 1)] if len(run) > 1 else [run]


def words(text, language):
    """Return the Words of a text, as far as they are of its first 50,000 tokens.

    Args:
        text: plain text of any length.
        language: its language code, or "".
    """
    found, number = [], 0
    for match in WORD.finditer(text):
        word = analyse(match.group()[:MAX_WORD], language)
        number += len(word.parts)
        if number > MAX_TOKENS:
            break
        if word.parts:
            found.append(word)
    return found


def tokens(text, language):
    """Return the tokens of a text in order; after a break follow those of its joined words, away from all phrases.

    Args:
        text: plain text of any length.
        language: its language code, or "".
    """
    found = words(text, language)
    joined = [word.joined for word in found if word.joined]
    return [part for word in found for part in word.parts] + ([BREAK, *joined] if joined else [])


def folded(text):
    """Return the folded words of a text, of any language and with their endings, in order."""
    return [fold(piece) for match in WORD.finditer(text) for piece in JOINTS.split(match.group()) if fold(piece)]


def beginnings(text, language):
    """Return the words by whose first letters a text is found: its folded words, and Arabic ones without article too.

    Args:
        text: a name or title.
        language: its language code, or "".
    """
    found = folded(text)
    if language in IN_ARABIC_LETTERS:
        found += [arabic.without_article(word) for word in found]
    return found


def is_spaceless(word):
    """Return whether a word is of a script that writes none between spaces."""
    return re.match(f"[{SPACELESS}]", word) is not None
