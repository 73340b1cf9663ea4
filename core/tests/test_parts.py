"""Parts that are rendered once for many pages: never older than what they show, and never of another page."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from core import parts
from core.models import Furniture
from news.models import ArticleListing
from tests.factories import make_article, make_image
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def article(site):
    return make_article(site, "First words", lead_image=make_image(), lead_image_alt="A harbour")


def card_of(client, article, address="/"):
    soup = soup_of(client.get(address))
    return next(card.find_parent(["article", "li"]) for card in soup.select(f"main a[href='{article.address}']"))


def test_a_card_shows_what_an_article_says_now(client, site, article):
    other = make_article(site, "Other")
    assert "First words" in card_of(client, article, other.address).text
    article.title, article.summary, article.lead_image_alt = "Second words", "In short, otherwise.", "A quay"
    article.save()
    card = card_of(client, article, other.address)
    assert "Second words" in card.text
    assert "In short, otherwise." in card.text
    assert card.img["alt"] == "A quay"


def test_a_row_shows_the_present_name_of_its_kind(client, site, article):
    assert site.kind.name in card_of(client, article, "/news/").text
    site.kind.name = "Renamed kind"
    site.kind.save()
    assert "Renamed kind" in card_of(client, article, "/news/").text


def test_a_card_shows_a_picture_that_was_replaced(client, site, article):
    other = make_article(site, "Other")
    before = card_of(client, article, other.address).img["src"]
    article.lead_image = make_image("Another", colour=(200, 10, 10))
    article.save()
    assert card_of(client, article, other.address).img["src"] != before


def test_the_same_row_says_its_date_in_the_language_of_the_list(client, site, article):
    from django.utils import translation

    row = ArticleListing.objects.get(pk=article.pk)
    shown = {}
    for language in ("en", "cy"):
        with translation.override(language):
            shown[language] = parts.rendered("includes/_row.html", "the same", row=row)
    assert shown["en"] != shown["cy"]


def test_forms_say_which_page_they_stand_on(client, site, article):
    other = make_article(site, "Other")
    for page in (article, other, site.home):
        forms = soup_of(client.get(page.address if page is not site.home else "/")).select("form input[name=page]")
        assert [field["value"] for field in forms] == [str(page.pk)] * 2
    assert not soup_of(client.get("/search/")).select("form input[name=page]")


def test_the_menu_says_where_the_page_stands(client, site, article):
    furniture = Furniture.objects.get(locale__language_code="en")
    furniture.header_links = furniture.header_links.stream_block.to_python(
        [{"type": "link", "value": {"page": site.news["en"].pk, "url": "", "label": "All our news"}}]
    )
    furniture.save()
    marks = {}
    for address in ("/", "/news/", article.address, "/search/"):
        header = soup_of(client.get(address)).select_one(".site-header-row")
        marks[address] = [link.get("aria-current") for link in header.select(".brand, .main-nav a")]
    assert marks == {
        "/": ["page", None, None],
        "/news/": [None, "page", None],
        article.address: [None, "true", None],
        "/search/": [None, None, "page"],
    }


def test_the_header_changes_with_the_furniture(client, site, article):
    client.get("/news/")
    furniture = Furniture.objects.get(locale__language_code="en")
    furniture.organisation_name = "Renamed House"
    furniture.save()
    assert "Renamed House" in soup_of(client.get("/news/")).select_one(".brand").text


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(parts._parts, "most", 10)
    for number in range(50):
        parts.remembered(("bounded", number), lambda: "x")
    assert len(parts._parts) <= 10
    assert re.match("x", parts.remembered(("bounded", 49), lambda: "y"))


def test_a_day_is_that_of_the_site_wherever_a_part_was_made_before(client, site):
    published_on = datetime(2026, 1, 1, 20, tzinfo=UTC)
    article, other = make_article(site, "Late", published_on=published_on), make_article(site, "Other")
    with timezone.override("Australia/Sydney"):
        assert "2 January 2026" in card_of(client, article, other.address).text
        preview = article.make_preview_request()
    assert "1 January 2026" in card_of(client, article, other.address).text
    assert "1 January 2026" in preview.content.decode()
