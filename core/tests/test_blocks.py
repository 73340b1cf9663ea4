"""Blocks: what an editor may put into a body, and what is refused with which words."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from wagtail.blocks import StreamValue
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.hooks import get_hooks

from core.blocks import BodyBlock
from core.blocks.announce import announced
from core.blocks.media import MediaBlock, parse_video_url
from tests.factories import body_of, every_block, make_document

pytestmark = pytest.mark.django_db
FIGURE = {"alt_text": "", "decorative": False, "caption": "", "credit": ""}


@pytest.mark.parametrize("name", list(BodyBlock().child_blocks))
def test_every_block_has_icon_label_group_description_template_and_preview(site, name):
    every_block(site)
    block = BodyBlock().child_blocks[name]
    assert block.meta.icon in {Path(icon).stem for hook in get_hooks("register_icons") for icon in hook([])}
    assert block.meta.group
    assert block.get_description()
    assert block.meta.template == f"blocks/{name}.html"
    assert block.is_previewable
    html = block.render(block.get_preview_value())
    assert html.strip()


def test_every_block_is_every_block(site):
    assert {block["type"] for block in every_block(site)} == set(BodyBlock().child_blocks)


def test_body_with_every_block_is_valid_and_searchable(site):
    body = body_of(every_block(site))
    assert isinstance(BodyBlock().clean(body), StreamValue)
    texts = " ".join(str(text) for text in BodyBlock().get_searchable_content(body))
    for words in ("A section", "One", "It is so.", "Why?", "A caption", "61"):
        assert words in texts


def test_a_heading_is_found_by_its_words_and_not_by_its_level():
    body = body_of([{"type": "heading", "value": {"text": f"Part {level}", "level": level}} for level in "23"])
    assert BodyBlock().get_searchable_content(body) == ["Part 2", "Part 3"]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("heading", {"text": "Part", "level": "3"}, "needs a section heading"),
        ("image", FIGURE | {"image": "image"}, "Describe the picture"),
        (
            "media",
            {"title": "t", "url": "", "file": None, "poster": None, "transcript": "<p>x</p>"},
            "either an address",
        ),
        (
            "media",
            {"title": "t", "url": "https://example.org/v", "file": None, "poster": None, "transcript": "<p>x</p>"},
            "YouTube or Vimeo",
        ),
        (
            "media",
            {"title": "t", "url": "", "file": "document", "poster": None, "transcript": "<p>x</p>"},
            "MP4 or MP3",
        ),
        ("call_to_action", {"text": "", "page": None, "url": "", "label": "x"}, "either a page or a web address"),
        ("call_to_action", {"text": "", "page": None, "url": "https://x.example/", "label": ""}, "needs words"),
        (
            "table",
            {
                "first_column_is_header": True,
                "table": {"caption": "", "columns": [{"type": "text", "heading": "a"}], "rows": []},
            },
            "caption",
        ),
        (
            "table",
            {
                "first_column_is_header": True,
                "table": {"caption": "c", "columns": [{"type": "text", "heading": ""}], "rows": []},
            },
            "needs a heading",
        ),
        ("table", {"first_column_is_header": True, "table": {"caption": "c", "columns": [], "rows": []}}, "empty"),
    ],
)
def test_block_is_refused_with_a_reason(site, kind, value, words):
    from tests.factories import make_image

    objects = {"image": make_image, "document": make_document}
    for name in ("image", "file"):
        if isinstance(value.get(name), str):
            value = value | {name: objects[value[name]]().pk}
    with pytest.raises(StreamBlockValidationError) as error:
        BodyBlock().clean(body_of([{"type": kind, "value": value}]))
    assert words in str(error.value.as_json_data())


def test_announced_references_are_those_of_the_stored_body(site):
    raw = every_block(site, 2)
    found = {(model.__name__, int(pk)) for model, pk in announced(body_of(raw))}
    assert {name for name, _pk in found} == {"Page", "Document", "Image"}
    assert len(found) == 6


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", ("youtube", "abcdefghijk", "")),
        ("https://m.youtube.com/watch?app=desktop&v=abc-efgh_jK&list=PL1", ("youtube", "abc-efgh_jK", "")),
        ("https://youtu.be/abcdefghijk?t=3", ("youtube", "abcdefghijk", "")),
        ("https://www.youtube.com/shorts/abcdefghijk", ("youtube", "abcdefghijk", "")),
        ("https://www.youtube.com/live/abcdefghijk?si=x", ("youtube", "abcdefghijk", "")),
        ("https://www.youtube.com/v/abcdefghijk", ("youtube", "abcdefghijk", "")),
        ("https://www.youtube-nocookie.com/embed/abcdefghijk", ("youtube", "abcdefghijk", "")),
        ("https://www.youtube.com/watch/?v=abcdefghijk", ("youtube", "abcdefghijk", "")),
        ("https://vimeo.com/123456789/", ("vimeo", "123456789", "")),
        ("https://vimeo.com/123456789/abcdef1234?share=copy", ("vimeo", "123456789", "abcdef1234")),
        ("https://vimeo.com/123456789?h=abcdef1234", ("vimeo", "123456789", "abcdef1234")),
        ("https://vimeo.com/channels/staffpicks/123456789", ("vimeo", "123456789", "")),
        ("https://vimeo.com/groups/shortfilms/videos/123456789", ("vimeo", "123456789", "")),
        ("https://vimeo.com/showcase/7654321/video/123456789", ("vimeo", "123456789", "")),
        ("https://player.vimeo.com/video/123456789", ("vimeo", "123456789", "")),
        ("https://player.vimeo.com/video/123456789?h=abcdef1234&dnt=1", ("vimeo", "123456789", "abcdef1234")),
        ("https://player.vimeo.com/video/123456789?h=%22onload", ("vimeo", "123456789", "")),
        ("https://www.youtube.com/@somebody/videos", None),
        ("https://www.youtube.com/playlist?list=PLabcdefghijk", None),
        ("https://www.youtube.com/embed/videoseries?list=PLabcdefghijk", None),
        ("https://www.youtube.com/embed/live_stream?channel=UCabcdefghijk", None),
        ("https://www.youtube.com/user/somebody", None),
        ("https://www.youtube.com/channel/UCabcdefghijk", None),
        ("https://www.youtube.com/feed/trending", None),
        ("https://www.youtube.com/watch?v=abcdefghij", None),
        ("https://www.youtube.com/abcdefghijk", None),
        ("https://youtu.be/", None),
        ("https://vimeo.com/showcase/1234567", None),
        ("https://vimeo.com/event/1234567", None),
        ("https://vimeo.com/123456789/settings", None),
        ("https://youtube.com.evil.example/watch?v=abcdefghijk", None),
        ("https://www.youtube.com/watch?v=%22onload", None),
        ("https://vimeo.com/about", None),
        ("javascript:alert(1)", None),
        ("", None),
        (None, None),
    ],
)
def test_video_addresses(url, expected):
    assert parse_video_url(url) == expected


def test_player_shows_an_unlisted_video_and_asks_for_no_traces():
    def player(url):
        return MediaBlock().to_python({"url": url}).player["src"]

    unlisted = "https://player.vimeo.com/video/123456789?h=abcdef1234&autoplay=1&dnt=1"
    assert player("https://vimeo.com/123456789/abcdef1234") == unlisted
    assert player("https://vimeo.com/123456789") == "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1"
    assert player("https://youtu.be/abcdefghijk") == "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1"


def test_footnote_marks_lead_only_to_notes_that_exist(client, site):
    from tests.factories import make_article

    blocks = [
        {
            "type": "paragraph",
            "value": '<p>One [1], again [1], none [2], <a href="https://x.example/[1]">link</a>.</p>',
        },
        {"type": "footnotes", "value": {"notes": ["A note"]}},
    ]
    make_article(site, "Notes", body=body_of(blocks))
    html = client.get("/news/notes/").content.decode()
    assert html.count('href="#note-1"') == 2
    assert html.count('id="ref-1"') == 1
    assert "none [2]" in html
    assert 'href="https://x.example/[1]"' in html


def test_block_preview_in_the_picker_needs_no_page():
    assert "wagtail" not in render_to_string("wagtailcore/shared/richtext.html", {"html": "<p>x</p>"})


def test_headings_have_ids_that_nothing_else_on_the_page_has(client, site):
    from tests.factories import make_article

    texts = ["Content", "Part 2", "Part", "Part", "Notes to editors", "Newsletter title", "Note 1", "Ordinary words"]
    blocks = [{"type": "heading", "value": {"text": text, "level": "2"}} for text in texts]
    blocks.append({"type": "footnotes", "value": {"notes": ["A note"]}})
    make_article(site, "Parts", body=body_of(blocks), notes_to_editors="<p>A note.</p>")
    html = client.get("/news/parts/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    linked = re.findall(r'<a href="#([^"]+)">(?:Content|Part|Note|News)', html)
    assert {"content-2", "part-2", "part", "part-3"} <= set(linked) and "ordinary-words" in ids


@pytest.mark.parametrize(
    ("number", "shown"), [(1200.0, "1,200"), (1234567.5, "1,234,567.5"), (-0.25, "-0.25"), (0.0, "0"), (7, "7")]
)
def test_numbers_of_a_table_are_written_alike(number, shown):
    cell = SimpleNamespace(value=number, block=SimpleNamespace(name="number"))
    assert render_to_string("includes/_cell.html", {"cell": cell}).strip() == shown
