"""The colours of ``tokens.css`` reach what is no page, however an organisation writes them."""

import pytest

from core import letters, tokens


@pytest.fixture
def written(settings, tmp_path):
    """Return a function that has an organisation's own ``tokens.css`` say something after Portal's."""
    (tmp_path / "portal").mkdir()
    portals = tokens.source()
    settings.STATICFILES_DIRS = [tmp_path]

    def write(css):
        (tmp_path / "portal/tokens.css").write_text(portals + css)
        tokens.colours.cache_clear()

    yield write
    tokens.colours.cache_clear()


def test_every_colour_is_read_from_the_shipped_file():
    assert tokens.read().keys() == tokens.COLOURS.keys()
    assert tokens.unreadable_colours(None) == []


@pytest.mark.parametrize(
    ("said", "colour"),
    [
        ("#a00", "#a00"),
        ("#AA0000", "#AA0000"),
        ("light-dark(#a00, #f99)", "#a00"),
        ("LIGHT-DARK( #AA0000,#f99)", "#AA0000"),
    ],
)
def test_a_colour_may_be_short_long_and_with_one_for_the_dark(written, said, colour):
    written(f":root {{ --accent: {said}; }}")
    assert tokens.colours()["accent"] == colour
    assert tokens.unreadable_colours(None) == []


@pytest.mark.parametrize("said", ["rgb(170 0 0)", "oklch(0.5 0.2 30)", "#aa0000ff", "#aa00", "var(--ink)", "red"])
def test_a_colour_that_cannot_be_read_is_portals_own_and_named_by_the_checks(written, said):
    written(f":root {{ --accent-ink: {said}; }}")
    assert tokens.colours()["accent_ink"] == tokens.COLOURS["accent_ink"]
    assert [warning.msg for warning in tokens.unreadable_colours(None)] == [
        "Cards and mails do not have the colour --accent-ink, which is not written as #rgb or #rrggbb."
    ]


def test_the_last_word_of_a_colour_counts_outside_of_comments_and_of_rules_for_some_readers(written):
    written("""
        :root { --accent: #b00; --accent: #a00; /* --accent: #c00; */ }
        @media (prefers-contrast: more) { :root { --accent: #d00; } }
        @supports (color: oklch(0 0 0)) { :root { --accent: oklch(0.5 0.2 30); } }
    """)
    assert tokens.colours()["accent"] == "#a00"


def test_mails_have_the_colours_of_the_pages(site, written):
    written(":root { --accent: #a00; --accent-ink: #ffc; --paper: #eef; --line: #ddf; --ink: #001; --soft: #556; }")
    message = letters.write("newsletter/mail/confirmation", "en", {"address": "https://x/", "days": 7}, "a@example.org")
    html = message.alternatives[0].content
    for style in (
        "background:#eef;color:#001",
        "border-bottom:1px solid #ddf",
        "color:#556",
        "background:#a00;color:#ffc",
        "color:#a00",
    ):
        assert style in html
