"""An article of a thousand words weighs little: its HTML, and all that a first visit loads with it."""

import re
from pathlib import Path
from urllib.parse import unquote

import brotli
import pytest
from django.contrib.staticfiles import finders

from tests.factories import body_of, make_article, make_image
from tests.front import Front
from tests.pages import soup_of

pytestmark = pytest.mark.django_db

HTML_BYTES, ALL_BYTES, REQUESTS = 8_000, 40_000, 6
# The head of an answer, with room to spare.
HEAD_BYTES = 500
# Real English, which does not compress better than an article does.
GUIDE = (Path(__file__).resolve().parents[1] / "docs/editors.md").read_text()
WORDS = re.findall(r"[A-Za-z,.]+", GUIDE)[:1000]


@pytest.fixture
def article(site):
    """A thousand words in four sections, with a picture, a quotation, key points, and pictures in "more news"."""
    for number in range(3):
        make_article(site, f"Other {number}", lead_image=make_image(f"p{number}"), lead_image_alt="x")
    blocks = [{"type": "key_points", "value": {"title": "In short", "points": ["We welcome it.", "It needs more."]}}]
    for section in range(4):
        blocks.append({"type": "heading", "value": {"text": f"Section {section}", "level": "2"}})
        words = WORDS[section * 250 : section * 250 + 250]
        text = "".join(f"<p>{' '.join(words[start : start + 50])}</p>" for start in range(0, 250, 50))
        blocks.append({"type": "paragraph", "value": text})
    blocks.append({"type": "quote", "value": {"text": "It is so.", "attribution": "Chair", "role": ""}})
    article = make_article(
        site, "Our response", body=body_of(blocks), lead_image=make_image("Lead"), lead_image_alt="Boats"
    )
    assert len(WORDS) == 1000
    return article


def test_an_article_is_light(client, article):
    response = Front().get("/news/our-response/", accept_encoding="br")
    html = len(response.content)
    page = soup_of(client.get("/news/our-response/"))
    files = {link["href"] for link in page.head.find_all("link", rel=["stylesheet", "preload"])}
    files |= {script["src"] for script in page.find_all("script", src=True)}
    files |= {link["href"] for link in page.head.find_all("link", rel="icon", type="image/svg+xml")}
    files |= {image["src"] for image in page.select("header img")}
    weights = {name: weight_of(name) for name in files}
    total = html + sum(weights.values()) + HEAD_BYTES * (len(files) + 1)
    print(f"\nHTML {html} bytes, {len(files) + 1} requests, {total} bytes in all: {weights}")
    assert html <= HTML_BYTES
    assert len(files) + 1 <= REQUESTS
    assert total <= ALL_BYTES


def weight_of(address):
    """Return the size of a static file as WhiteNoise sends it: compressed where that makes it smaller."""
    with open(finders.find(unquote(address).removeprefix("/static/")), "rb") as file:
        content = file.read()
    return min(len(content), len(brotli.compress(content)))
