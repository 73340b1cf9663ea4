"""Title cards as pictures: whatever the title, it is whole, in its place, and in letters that exist."""

from io import BytesIO

import pytest
from PIL import Image as Picture
from PIL import ImageChops, ImageColor

from core import card_drawing, tokens
from core.card_drawing import FINE, FLOOR, FOOT, MARGIN, MEASURE, TITLE_SIZES, TOP, Setting, words_of

with_fribidi = pytest.mark.skipif(
    not card_drawing.JOINS_LETTERS, reason="FriBiDi is not installed (Debian: libfribidi0)"
)
NAME = "Four Nations Trials Network"
LONG = (
    "A statement on the second consultation about the regulation of clinical trials: what universities, hospitals and "
    "companies in all four nations have asked for, what the regulator has answered so far, and why it matters to every "
    "patient who waits"
)
ARABIC = "ردّنا على الخطة الوطنية لأبحاث الصحة 2025: ما الذي طلبته الجامعات وشبكة WordPress في الأمم الأربع"
TITLES = {
    "one word": ("News", "en"),
    "long": (LONG, "en"),
    "Welsh": ("Ŵyna, tŷ a dŵr: ein hymateb i’r cynllun cenedlaethol ac i’r ŵyl yng Nghaerdydd", "cy"),
    "Arabic": (ARABIC, "ar"),
    "long Arabic": (f"{ARABIC} {ARABIC} {ARABIC}"[:255], "ar"),
    "Latin on an Arabic page": ("A note about WordPress, in English.", "ar"),
    "one endless word": ("W" * 255, "en"),
    "endless Arabic word": ("س" * 255, "ar"),
    "nothing": ("", "en"),
    "controls": ("A\x00note\r\n\tabout\x1b[31m\u202etrials\u2066\u200f", "en"),
}


def opened(data):
    return Picture.open(BytesIO(data)).convert("RGB")


def ink_box(card):
    """Return (left, top, right, bottom) of what is drawn on a card."""
    paper = Picture.new("RGB", card.size, card.getpixel((0, 0)))
    return ImageChops.difference(card, paper).convert("L").point(lambda value: 255 if value > 24 else 0).getbbox()


def setting_of(text, language="en"):
    return Setting(words_of(text), language, MEASURE, TITLE_SIZES, FLOOR - TOP)


@pytest.mark.parametrize("name", TITLES)
def test_nothing_is_cut_off_or_over_the_edge(name):
    title, language = TITLES[name]
    data = card_drawing.draw(title, NAME, language)
    card = opened(data)
    assert card.size == (1200, 630)
    assert len(data) < 100_000
    left, top, right, bottom = ink_box(card)
    edge = MARGIN // FINE - 8
    assert left >= edge and right <= card.width - edge and top >= 60 and bottom <= card.height - 40
    # Between the title and the line there is always paper.
    assert ink_box(card.crop((0, FLOOR // FINE + 4, card.width, (FOOT - 114) // FINE - 2))) is None


def test_card_begins_on_the_side_where_its_language_does():
    sides = {}
    for language, title in (("en", "News"), ("ar", "أخبار"), ("fa", "News")):
        left, _top, right, _bottom = ink_box(opened(card_drawing.draw(title, "", language)).crop((0, 0, 1200, 480)))
        sides[language] = "left" if left < 1200 - right else "right"
    assert sides == {"en": "left", "ar": "right", "fa": "right"}


@pytest.mark.parametrize("letters", ["ŵŷŴŶâêîôûẁẃẅỳï", "éßœŁđșžĦþ", "ґїєђў", "ώΆϊ"])
def test_letters_of_the_languages_around_us_have_a_shape(letters):
    assert words_of(letters) == letters


@with_fribidi
@pytest.mark.parametrize("letters", ["ءآأؤإئةى٤؟،؛", "پچژگکیۀ\u200cئًّ۴", "ٹڈڑںھہےۓ"])
def test_letters_of_arabic_persian_and_urdu_have_a_shape(letters):
    assert words_of(letters) == letters


def test_longest_title_of_a_page_stands_whole_on_its_card():
    assert " ".join(setting_of(LONG).lines) == LONG
    assert len(setting_of(LONG).lines) <= 6


def test_short_title_is_larger_than_a_long_one_and_lines_are_even():
    short, long = setting_of("Our response to the national plan for health research"), setting_of(LONG)
    assert short.size > long.size
    assert short.lines == ["Our response to", "the national plan", "for health research"]
    widths = [long.width(line) for line in long.lines]
    assert min(widths) > 0.8 * max(widths)


def test_title_that_does_not_fit_ends_with_an_ellipsis_at_a_word():
    wide = " ".join(["WWWWWWWWW,"] * 25)
    lines = setting_of(wide).lines
    assert lines[-1].endswith("WWWWWWWWW…")
    assert max(map(len, setting_of("W" * 255).lines)) > 20
    assert setting_of("W" * 255).lines[-1].endswith("W…")


@pytest.mark.parametrize(
    ("title", "drawn"),
    [
        ("Five units join 🎉👩🏽‍🔬 the network 🏴󠁧󠁢󠁷󠁬󠁳󠁿", "Five units join the network"),
        (
            "A\x00 title\r\nwith \u202econtrols\u202c\u2028and \u2067isolates\u2069",
            "A title with controls and isolates",
        ),
        ("soft\u00adly spo\u200bken", "softly spoken"),
        ("5\u202f% and № 5, 2026\u00a0©", "5\u00a0% and № 5, 2026\u00a0©"),
        ("ty\u0302", "tŷ"),
        pytest.param("می\u200cخواهیم", "می\u200cخواهیم", marks=with_fribidi),
        ("计划", ""),
        ("राष्ट्रीय योजना 2026", ""),
        ("Plan 计划", ""),
        ("🎉", ""),
        ("\u200f\u00a0 ", ""),
        ("", ""),
    ],
)
def test_title_is_drawn_as_far_as_its_characters_have_shapes(title, drawn):
    assert words_of(title) == drawn


@with_fribidi
def test_marks_of_direction_take_no_room():
    setting = setting_of("كلمة\u200f")
    assert setting.width("كلمة\u200f") == pytest.approx(setting.width("كلمة"))


def test_name_of_the_organisation_stands_in_for_a_title_without_shapes():
    assert (
        opened(card_drawing.draw("计划", NAME, "en")).tobytes() == opened(card_drawing.draw(NAME, NAME, "en")).tobytes()
    )
    assert ink_box(opened(card_drawing.draw("计划", "计划", "en")))


def test_latin_titles_are_drawn_where_nothing_can_join_arabic_letters(monkeypatch):
    for name, value in (("JOINS_LETTERS", False), ("LAYOUT", card_drawing.ImageFont.Layout.BASIC)):
        monkeypatch.setattr(card_drawing, name, value)
    card_drawing.has_shape.cache_clear()
    try:
        assert words_of("Tŷ’r ŵyl") == "Tŷ’r ŵyl"
        assert words_of(ARABIC) == ""
        assert setting_of("News").options == {}
    finally:
        card_drawing.has_shape.cache_clear()


def test_logo_takes_the_place_of_the_mark_and_a_wide_one_that_of_the_name():
    wide, square = (Picture.new("RGBA", size, (200, 0, 0, 255)) for size in ((900, 200), (300, 300)))
    boxes = [
        ink_box(opened(card_drawing.draw("News", NAME, "en", logo)).crop((0, FOOT // FINE - 45, 1200, 630)))
        for logo in (None, wide, square)
    ]
    mark_and_name, logo_alone, logo_and_name = (right for _left, _top, right, _bottom in boxes)
    assert logo_alone == (MARGIN + 600) // FINE
    assert abs(logo_and_name - mark_and_name) < 40


def test_card_with_a_photograph_for_a_logo_stays_small():
    noise = Picture.effect_noise((1200, 560), 200).convert("RGB")
    for title in ("News", "计划"):
        assert len(card_drawing.draw(title, "计划", "en", noise)) < 100_000


def test_colours_are_those_of_the_pages():
    card = opened(card_drawing.draw("News", NAME, "en"))
    wanted = ImageColor.getrgb(tokens.read()["mark"])
    shown = card.getpixel((MARGIN // FINE + 10, 80))
    assert max(abs(one - other) for one, other in zip(wanted, shown, strict=True)) < 8
