"""Articles: published, listed, found at their addresses."""

from datetime import UTC, datetime

import pytest

from news.models import ArticleListing
from tests.factories import body_of, every_block, make_article, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_article_with_every_block_is_shown(client, site):
    article = make_article(
        site, "Our response", body=body_of(every_block(site)), lead_image=make_image(), lead_image_alt="Hills"
    )
    response = client.get("/news/our-response/")
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    for words in ("A section", "In short", "It is so.", "Why?", "Units", "61", "Read on", 'alt="Hills"', 'id="note-1"'):
        assert words in html
    assert article.listing.title == "Our response"
