"""The demo: whole, valid, and every address of it answers."""

import json
import re
from io import StringIO
from pathlib import Path

from django.conf import settings
from wagtail.models import Page

from core.blocks import BodyBlock
from news.models import ArticleListing, ArticlePage

FOLDER = Path(settings.BASE_DIR) / "portal/demo"
LINK = re.compile(r'href="(/[^"#?]*)')


def test_content_is_complete_and_in_use(demo):
    assert ArticlePage.objects.filter(locale__language_code="en").count() == 40
    assert ArticlePage.objects.filter(locale__language_code="cy").count() >= 5
    assert ArticlePage.objects.filter(locale__language_code="ar").count() == 1
    used = {block["type"] for article in ArticlePage.objects.all() for block in article.body.raw_data}
    assert used == set(BodyBlock().child_blocks)
    years = {row.published_on.year for row in ArticleListing.objects.all()}
    assert len(years) >= 4


def test_every_body_passes_the_editors_own_checks(demo):
    for page in Page.objects.filter(depth__gt=1).specific():
        page.full_clean()
        if hasattr(page, "body"):
            page.body.stream_block.clean(page.body)


def test_every_link_of_every_page_answers(demo, client):
    seen, waiting = set(), ["/", "/cy/", "/ar/"]
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("/static/", "/media/", "/admin/", "/documents/")):
            continue
        seen.add(address)
        response = client.get(address)
        assert response.status_code in (200, 302) if "enquiries" in address else response.status_code == 200, address
        if response["Content-Type"].startswith("text/html"):
            waiting += LINK.findall(response.content.decode())
    assert len(seen) > 80


def test_loading_again_changes_nothing(demo):
    before = Page.objects.count()
    from portal import site
    from portal.demo import loader

    assert not loader.load(site.ensure(), StringIO())
    assert Page.objects.count() == before


def test_every_picture_and_document_is_there():
    pictures = json.loads((FOLDER / "content/pictures.json").read_text())
    documents = json.loads((FOLDER / "content/documents.json").read_text())
    for key in pictures:
        assert (FOLDER / "media" / f"{key}.jpg").stat().st_size < 400_000
    for data in documents.values():
        assert (FOLDER / "media" / data["file"]).stat().st_size > 1000
