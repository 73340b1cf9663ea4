"""Where the words stand: the passage of a text that has most of them, and the words marked in it."""

from bisect import bisect_left

from django.utils.html import escape
from django.utils.safestring import mark_safe

from search import text

LENGTH = 240
# What is looked through; further down only a very long document goes on.
LOOKED_AT = 60_000
SENTENCE_ENDS = ".!?؟。！？\n"


class Wanted:
    """What was looked for, and in which words of a language it was met; for the results of one question."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.of_language = {}

    def hits(self, language):
        """Return {a word as written: the tokens of it that were looked for}, which finds out what it does not know."""
        return self.of_language.setdefault(language, _Hits(language, self.tokens))


class _Hits(dict):
    def __init__(self, language, tokens):
        self.language = language
        self.tokens = tokens

    def __missing__(self, word):
        hits = self[word] = self.tokens & text.analyse(word, self.language).tokens
        return hits


def marked(written, language, wanted):
    """Return a text as HTML, escaped, with the words that were looked for in ``<mark>``.

    Args:
        written: plain text.
        language: the code of its language.
        wanted: the ``Wanted`` to mark.
    """
    return _html(written, _spans(written, language, wanted), 0, len(written))


def passage(written, language, wanted):
    """Return the passage of a text that has most of the words, as HTML with those marked; else its beginning.

    Args:
        written: plain text.
        language: the code of its language.
        wanted: the ``Wanted`` to mark.
    """
    written = written[:LOOKED_AT]
    spans = _spans(written, language, wanted)
    start = _best_start(spans)
    start = _sentence_start(written, start)
    end = min(start + LENGTH, len(written))
    end = end if end == len(written) else max(written.rfind(" ", start, end), start + LENGTH // 2)
    found = _html(written, [span for span in spans if start <= span[0] and span[1] <= end], start, end)
    before, after = "… " if start else "", " …" if end < len(written) else ""
    return mark_safe(before + found + after)  # noqa: S308 - escaped in _html


def _spans(written, language, wanted):
    """Return (start, end, token) of the words that were looked for."""
    known = wanted.hits(language)
    matches = [match for match in text.WORD.finditer(written) if known[match.group()]]
    return [span for match in matches for span in _exact(match, min(known[match.group()]), language, wanted.tokens)]


def _exact(match, hit, language, wanted):
    """Return the spans of a hit: the word, or in scripts without spaces the characters."""
    word = text.analyse(match.group(), language)
    if len(word.parts) < 2 or not text.is_spaceless(match.group()):
        return [(*match.span(), hit)]
    start = text.prefix(language)
    pairs = [place for place, part in enumerate(word.parts) if part in wanted and part.startswith(start)]
    spans = []
    for place in (match.start() + place for place in pairs):
        if spans and place <= spans[-1][1]:
            spans[-1] = (spans[-1][0], min(place + 2, match.end()), hit)
        else:
            spans.append((place, min(place + 2, match.end()), hit))
    return spans


def _best_start(spans):
    """Return where the window begins that has most different words, then most words."""
    ends = [span[1] for span in spans]
    best, best_start = (0, 0), 0
    for number, (start, _end, _token) in enumerate(spans):
        inside = spans[number : bisect_left(ends, start + LENGTH)]
        value = (len({token for *_span, token in inside}), len(inside))
        if value > best:
            best, best_start = value, start
    return best_start


def _sentence_start(written, start):
    """Return the beginning of the sentence, or of a word a little before, so that a passage can be read."""
    near = max(0, start - LENGTH // 3)
    ends = [written.rfind(sign, near, start) for sign in SENTENCE_ENDS]
    begin = max(ends) + 1 if max(ends) >= 0 else (written.find(" ", near, start) + 1 or near) if near else 0
    while begin < start and written[begin].isspace():
        begin += 1
    return begin


def _html(written, spans, start, end):
    parts, place = [], start
    for first, last, _token in spans:
        parts += [escape(written[place:first]), "<mark>", escape(written[first:last]), "</mark>"]
        place = last
    parts.append(escape(written[place:end]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped
