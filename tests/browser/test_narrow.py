"""What is wider than the window can be reached and read, on phones and on paper."""

import pytest
from django.utils import timezone

from newsletter.models import Issue
from search.models import SearchCount
from tests.browser import admin
from tests.factories import make_article

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
