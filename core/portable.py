"""The text of a page for readers elsewhere: feeds, Markdown, programs.

The page's own templates make it; what only makes sense on the site (classes, sizes of pictures, scripts) is taken out,
and every address is made whole.
"""

import re
from functools import lru_cache
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from markdownify import markdownify

from delivery import sites

KEPT_ATTRIBUTES = {
    "a": {"href", "hreflang"},
    "audio": {"src", "controls"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"src", "controls", "poster", "width", "height"},
}
ON_ANY = {"lang", "dir"}
LEFT_OUT = "script, source, .for-listeners, .note-back, .player-note, .picture-missing"
UNWRAPPED = ("picture", "section", "details", "div", "span")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Feeds are made again after every change, and nearly all of their texts are as they were.
MOST_REMEMBERED = 100
MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|])")


def html_of(page, address):
    """Return the text of a page as plain HTML.

    Args:
        page: a ``BasePage`` whose references have been announced.
        address: the page's own full address, to which marks of notes lead.
    """
    # Without a request: marks of notes and anchors of several pages must not count each other.
    return _plain(render_to_string(page.text_template, page.text_context()), address)


@lru_cache(MOST_REMEMBERED)
def _plain(html, address):
    made = BeautifulSoup(html, "html.parser")
    for element in made.select(LEFT_OUT):
        element.decompose()
    for element in made.find_all("figure"):
        if not element.find(["img", "video", "audio"]) and not element.get_text(strip=True):
            element.decompose()
    for element in made.find_all("summary"):
        element.name = "h3"
    for element in made.find_all(UNWRAPPED):
        if not ON_ANY & element.attrs.keys():
            element.unwrap()
    for element in made.find_all(True):
        kept = KEPT_ATTRIBUTES.get(element.name, set()) | ON_ANY
        element.attrs = {name: value for name, value in element.attrs.items() if name in kept}
        for name in {"href", "src", "poster"} & element.attrs.keys():
            _make_whole(element, name, address)
    return re.sub(r"\s*\n\s*", "\n", str(made)).strip()


def printable(text):
    """Return a text without the characters that XML cannot hold."""
    return CONTROL.sub(" ", text)


def _make_whole(element, name, address):
    try:
        element[name] = urljoin(address, element[name])
    except ValueError:
        # Not an address at all: the words stay.
        del element[name]


def markdown(page):
    """Return a page as Markdown: title, summary, facts and text, in its own language."""
    address = sites.absolute(page.address)
    facts = "\n".join(f"- {label}: {escaped(value)}" for label, value in page.facts())
    parts = [
        f"# {escaped(page.title)}",
        f"> {escaped(page.summary)}",
        facts,
        f"<{address}>",
        _markdown_of(html_of(page, address)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _markdown_of(html):
    made = markdownify(
        html, heading_style="ATX", bullets="-", strip=["span"], table_infer_header=True, escape_misc=True
    )
    return re.sub(r"\n{3,}", "\n\n", made).strip()


def escaped(text):
    """Return a line of words with whatever Markdown would take for a sign marked as meant literally."""
    return MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))
