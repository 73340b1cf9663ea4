"""Readers whose browser runs no scripts lose nothing that they came for."""

import pytest
from playwright.sync_api import expect

from contact.models import Enquiry
from tests.factories import body_of, every_block, make_article

pytestmark = pytest.mark.browser


def test_a_reader_without_scripts_reads_searches_and_writes(site, visit):
    make_article(site, "Fair funding", body=body_of(every_block(site)))
    reader = visit(java_script_enabled=False)
    page = reader.page
    reader.open("/search/")
    page.get_by_label("Search words").fill("funding")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("main").get_by_role("link", name="Fair funding").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fair funding")
    page.get_by_text("Why?", exact=True).click()
    expect(page.locator("details[open]")).to_contain_text("Linked 0")
    expect(page.get_by_role("link", name="Play the video")).to_have_attribute("href", "https://vimeo.com/100000001")
    form = page.locator("form").filter(has=page.get_by_label("Your message"))
    form.get_by_label("Your email").fill("reader@example.org")
    form.get_by_label("Your message").fill("Where is the plan?")
    form.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert Enquiry.objects.get().message == "Where is the plan?"
    reader.check()
