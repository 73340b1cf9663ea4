"""What is wider than the window can be reached and read, on phones and on paper."""

import pytest
from django.utils import timezone

from newsletter.models import Issue
from search.models import SearchCount
from tests.browser import admin
from tests.factories import body_of, make_article, make_image

pytestmark = [pytest.mark.browser]
PHONE = {"width": 400, "height": 800}
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
# What reaches out of the window and stands in no box that scrolls.
OUT_OF_REACH = """() => [...document.querySelectorAll("main :is(a, button, td, th, summary)")].filter((one) => {
    const box = one.getBoundingClientRect();
    let around = one.parentElement;
    while (around && !["auto", "scroll"].includes(getComputedStyle(around).overflowX)) around = around.parentElement;
    return one.checkVisibility() && box.right > innerWidth + 1 && !around?.closest("main");
}).map((one) => one.outerHTML.slice(0, 100))"""


@pytest.fixture
def table(site):
    """An article with a table that is wider than a phone, and cannot be broken."""
    columns = [{"type": "text", "heading": LONG}, *({"type": "number", "heading": f"Units of {n}"} for n in range(5))]
    rows = [{"values": [LONG, *range(5)]}]
    value = {"columns": columns, "rows": rows, "caption": "Some of our member units, by nation and what they do"}
    return make_article(
        site, body=body_of([{"type": "table", "value": {"first_column_is_header": True, "table": value}}])
    )


def test_lists_of_the_admin_are_whole_on_a_phone(site, people, visit):
    make_article(site, f"About {LONG}")
    Issue.objects.create(locale=site.home.locale, subject=f"News of {LONG}")
    SearchCount.objects.create(day=timezone.localdate(), language="en", query=LONG, searches=1)
    page = visit(viewport=PHONE).page
    admin.sign_in(page, "editor")
    for address in ("translation/?into=cy", "reports/searches/", "newsletter/issues/"):
        page.goto(f"/admin/{address}")
        page.locator("main .listing:visible").first.wait_for()
        assert page.evaluate(OUT_OF_REACH) == [], address


def test_the_caption_of_a_wide_table_is_whole_on_a_phone(table, visit):
    reader = visit(viewport={"width": 320, "height": 640})
    reader.open(table.get_url())
    caption = reader.page.locator("caption span").bounding_box()
    assert caption["x"] >= 0
    assert caption["x"] + caption["width"] <= 320


def test_a_long_word_in_a_table_makes_no_sheet_wider(table, visit):
    reader = visit(viewport={"width": 680, "height": 900})
    reader.open(table.get_url())
    reader.page.emulate_media(media="print")
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 680


def test_no_place_is_kept_for_pictures_where_no_story_has_one(site, visit):
    reader = visit(viewport=PHONE)
    articles = [make_article(site, f"Story {number}") for number in range(4)]
    reader.open("/")
    assert reader.page.locator(".card").count() > 1
    assert reader.page.locator(".picture-missing:visible").count() == 0
    articles[0].lead_image, articles[0].lead_image_alt = make_image(), "Boats"
    articles[0].save()
    articles[1].lead_image, articles[1].lead_image_alt = make_image("Two"), "Ships"
    articles[1].save()
    reader.open("/")
    assert reader.page.locator(".card .picture-missing:visible").count() > 0
