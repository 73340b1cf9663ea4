"""Draws the title card: a page's title, the organisation's mark and its name, as a PNG picture."""

import re
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

from django.utils.translation import get_language_info
from PIL import Image, ImageDraw, ImageFont, features

from core import tokens

# The next number makes every card again.
DESIGN = 1

# Pillow joins Arabic letters, and runs them from right to left, where the system has the library FriBiDi.
JOINS_LETTERS = features.check_feature("raqm")
LAYOUT = ImageFont.Layout.RAQM if JOINS_LETTERS else ImageFont.Layout.BASIC
RIGHT_TO_LEFT = {"R", "AL"}

# In pixels of the drawing, which is twice as wide and high as the card: letters begin on whole pixels, and stand
# unevenly where these are large.
FINE = 2
WIDTH, HEIGHT = 1200 * FINE, 630 * FINE
MARGIN = 192
MEASURE = WIDTH - 2 * MARGIN
TOP, FLOOR, FOOT = 264, 948, 1098
# Sizes, each with the most lines that it may have. The last ones hold the longest title that a page can have.
TITLE_SIZES = ((168, 3), (148, 4), (128, 4), (112, 5), (98, 5), (86, 6), (72, 6))
NAME_SIZES = ((60, 1), (50, 2))
# Arabic is smaller on its body than Latin and needs more room between lines.
LEADING = {"ltr": 1.14, "rtl": 1.4}
# The most that a logo fills, at the foot and in place of a title; the mark is a square of the other figure.
LOGO, LARGE_LOGO = (600, 152), (1200, 560)
MARK, LARGE_MARK = 104, 560
MARK_COLOURS = ("#14202b", "#0d5c5a", "#a9cfc8", "#d3a877")
COLOURS = ("paper", "ink", "line", "accent", "mark")

MOST_BYTES = 100_000

FACE = Path(__file__).parent / "fonts" / "portal-cards-600.woff2"
NO_SUCH_CHARACTER = "\U0010ffff"
ELLIPSIS = "…"
KEPT_SPACES = "\u00a0\u2007\u202f"
# Joiners of letters and marks of direction belong to the spelling; isolates and overrides would be torn apart by lines.
JOINERS, DIRECTIONS = ("\u200c\u200d", "\u200e\u200f\u061c") if JOINS_LETTERS else ("", "")
# Emoji and what they are put together from: a sentence can be read without them.
LEFT_OUT_KINDS = {"So", "Sk", "Cf", "Cn", "Co", "Cs"}
LEFT_OUT = {*map(chr, range(0xFE00, 0xFE10)), "\u20e3"}


@cache
def face(size, engine=LAYOUT):
    return ImageFont.truetype(FACE, size, layout_engine=engine)


def colours():
    """Return {name: colour} of what a card is drawn with; another makes every card again."""
    return {name: tokens.colours()[name] for name in COLOURS}


@cache
def has_shape(character):
    """Return whether the face has a shape for a character, and letters of its script can be put together."""
    if unicodedata.bidirectional(character) in RIGHT_TO_LEFT and not JOINS_LETTERS:
        return False
    plain = face(32, ImageFont.Layout.BASIC)
    return bytes(plain.getmask(character)) != bytes(plain.getmask(NO_SUCH_CHARACTER))


def words_of(text):
    """Return a text as it can be drawn: in one line, without emoji; empty if letters of it have no shape here."""
    drawn = []
    for character in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(character)
        if character in KEPT_SPACES:
            drawn.append("\u00a0")
        elif kind in ("Cc", "Zs", "Zl", "Zp"):
            drawn.append(" ")
        elif character in JOINERS:
            # Between emoji, which are gone, it would hold spaces apart.
            drawn += character if drawn and drawn[-1] != " " else ""
        elif character in DIRECTIONS or (kind != "Cf" and has_shape(character)):
            drawn.append(character)
        elif kind not in LEFT_OUT_KINDS and character not in LEFT_OUT:
            return ""
    words = re.sub(" +", " ", "".join(drawn)).strip(" ")
    return words if any(unicodedata.category(character)[0] in "LNPS" for character in words) else ""


class Setting:
    """Text broken into balanced lines of one size.

    Args:
        text: what ``words_of`` returned.
        language: its language code.
        measure: the width of the column in pixels.
        sizes: ((pixels, most lines), ...), the largest first.
        room: the height in pixels that the lines may fill.
    """

    def __init__(self, text, language, measure, sizes, room):
        self.words = text.split(" ")
        kinds = {unicodedata.bidirectional(character) for character in text}
        is_rtl = kinds & RIGHT_TO_LEFT and (is_right_to_left(language) or "L" not in kinds)
        direction = "rtl" if is_rtl else "ltr"
        self.options = {"direction": direction, "language": language} if JOINS_LETTERS else {}
        self.leading = LEADING[direction]
        for self.size, lines in sizes:
            self.widths = {}
            self.lines = self.wrapped(measure)
            most = min(lines, int(room / (self.size * self.leading)))
            if self.lines and len(self.lines) <= most:
                self.lines = self.balanced(measure)
                return
        self.lines = self.shortened(measure, most)

    def width(self, text):
        if text not in self.widths:
            self.widths[text] = face(self.size).getlength(text, **self.options)
        return self.widths[text]

    def wrapped(self, measure):
        """Return the lines of a column, or None if a word is wider than that."""
        lines, filled = [[]], 0
        for word in self.words:
            width = self.width(word)
            if width > measure:
                return None
            if lines[-1] and filled + self.width(" ") + width > measure:
                lines.append([])
            filled = width + (filled + self.width(" ") if lines[-1] else 0)
            lines[-1].append(word)
        return [" ".join(line) for line in lines]

    def balanced(self, measure):
        """Return as many lines, as even as they can be."""
        best = self.lines
        for narrower in range(int(measure), int(measure / 3), -16):
            lines = self.wrapped(narrower)
            if lines is None or len(lines) > len(best):
                break
            best = lines
        return best

    def shortened(self, measure, most):
        """Return so many lines at most, ended with an ellipsis; words too wide for a line are broken anywhere."""
        self.words = [part for word in self.words for part in self.broken(word, measure)]
        lines = self.wrapped(measure)
        if len(lines) <= most:
            return lines
        last = lines[most - 1].split(" ")
        while len(last) > 1 and self.width(" ".join(last) + ELLIPSIS) > measure:
            last.pop()
        end = " ".join(last)
        while self.width(end + ELLIPSIS) > measure:
            end = end[:-1]
        return [*lines[: most - 1], end.rstrip(" ,;:.–—-،؛") + ELLIPSIS]

    def broken(self, word, measure):
        while self.width(word) > measure:
            count = next(n for n in range(len(word), 0, -1) if n == 1 or self.width(word[:n]) <= measure)
            yield word[:count]
            word = word[count:]
        yield word

    def draw(self, card, edge, top, ink):
        """Draw the lines from an edge (x, and whether it is the right one), the first one's top at ``top``."""
        x, is_right = edge
        picture = ImageDraw.Draw(card)
        for number, line in enumerate(self.lines):
            # The body of a line is centred on its share of the leading, whatever marks stand above or below.
            baseline = top + self.size * (self.leading * (number + 0.5) + 0.26)
            picture.text(
                (x, baseline), line, fill=ink, font=face(self.size), anchor="rs" if is_right else "ls", **self.options
            )

    @property
    def height(self):
        return self.size * self.leading * len(self.lines)


def is_right_to_left(language):
    return get_language_info(language)["bidi"]


def draw(title, organisation, language, logo=None):
    """Return a card as the bytes of a PNG file.

    Args:
        title: the page's title. If the face lacks its letters, the organisation's name stands in its place, and if it
            lacks those too, the logo.
        organisation: the organisation's name, which may be empty.
        language: the language code of the page; it decides on which side everything begins.
        logo: the organisation's logo as a picture of Pillow, or None for the mark of Portal.
    """
    is_right = is_right_to_left(language)
    card = Image.new("RGB", (WIDTH, HEIGHT), colours()["paper"])
    edge = (WIDTH - MARGIN if is_right else MARGIN, is_right)
    ImageDraw.Draw(card).rectangle(_from(edge, 152, 128, 16), fill=colours()["mark"])
    name = words_of(organisation)
    headline = words_of(title) or name
    if not headline:
        large = _sign(logo, LARGE_LOGO, LARGE_MARK)
        card.paste(large, _from(edge, TOP + 40, *large.size)[:2], large)
        return _png(card, logo)
    setting = Setting(headline, language, MEASURE, TITLE_SIZES, FLOOR - TOP)
    setting.draw(card, edge, TOP - setting.size * 0.18, colours()["ink"])
    _draw_foot(card, edge, "" if headline == name else name, language, _sign(logo, LOGO, MARK))
    return _png(card, logo)


def _draw_foot(card, edge, name, language, sign):
    """Draw a line, and below it the organisation's sign and name."""
    x, is_right = edge
    ImageDraw.Draw(card).rectangle((MARGIN, FOOT - 114, WIDTH - MARGIN - 1, FOOT - 111), fill=colours()["line"])
    card.paste(sign, _from(edge, FOOT - sign.height // 2, *sign.size)[:2], sign)
    # A wide logo says the name itself, as in the header of the pages.
    if name and sign.width <= sign.height * 1.5:
        indent = sign.width + 40
        setting = Setting(name, language, MEASURE - indent, NAME_SIZES, MARGIN)
        shifted = (x - indent if is_right else x + indent, is_right)
        setting.draw(card, shifted, FOOT - setting.height / 2, colours()["accent"])


def _from(edge, top, width, height):
    """Return the box of something that stands at an edge."""
    x, is_right = edge
    left = x - width if is_right else x
    return left, top, left + width - 1, top + height - 1


def _sign(logo, limits, size):
    """Return the organisation's logo within limits, or Portal's own mark, a disc of four quarters, in a size."""
    if logo is not None:
        logo = logo.convert("RGBA")
        logo.thumbnail(limits, Image.Resampling.LANCZOS)
        return logo
    # Drawn large: Pillow draws curves without smoothing.
    disc = Image.new("RGBA", (size * 4, size * 4))
    pen = ImageDraw.Draw(disc)
    for start, colour in zip((180, 270, 90, 0), MARK_COLOURS, strict=True):
        pen.pieslice((0, 0, size * 4 - 1, size * 4 - 1), start, start + 90, fill=colour)
    return disc.resize((size, size), Image.Resampling.LANCZOS)


def _png(card, logo):
    """Return the finished card as a PNG file.

    256 colours are enough for letters on paper, and make a third of the size; a logo keeps all of its own if it can.
    """
    card = card.reduce(FINE)
    few = card.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    files = [_saved(picture) for picture in ([card, few] if logo else [few])]
    return next((file for file in files if len(file) < MOST_BYTES), files[-1])


def _saved(picture):
    data = BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()
