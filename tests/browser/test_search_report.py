"""An editor reads what readers look for, and does something about what finds nothing."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from search.models import SearchCount, SynonymGroup
from tests.browser import admin

pytestmark = pytest.mark.browser
AXE = """async () => (await axe.run(document.querySelector("#listing-results")))
    .violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))])"""


@pytest.fixture
def searches(site):
    today = timezone.localdate()
    for number in range(30):
        day = today - timedelta(days=number)
        SearchCount.objects.create(
            day=day, language="en", query="trial", searches=10 + number, empty=number % 4, clicks=9, ranks=12
        )
    SearchCount.objects.create(day=today, language="en", query="clinical tryal", searches=4, empty=4)
    SearchCount.objects.create(day=today, language="en", query="", searches=3)


def test_an_editor_gives_a_word_that_found_nothing_its_synonym(site, people, searches, visit):
    page = visit(viewport={"width": 1280, "height": 1000}).page
    admin.sign_in(page, "editor")
    page.goto("/admin/reports/searches/")
    expect(page.get_by_role("img", name="Searches per day")).to_be_visible()
    page.add_script_tag(content=Axe().axe_script)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert page.evaluate(AXE) == []
    page.get_by_role("navigation", name="Lists").get_by_role("link", name="Found nothing").click()
    row = page.get_by_role("row").filter(has_text="clinical tryal")
    row.get_by_role("link", name="Add a synonym").click()
    expect(admin.field(page, "words")).to_have_value("clinical tryal")
    admin.field(page, "words").fill("clinical tryal, clinical trial")
    admin.press(page, "Save")
    assert SynonymGroup.objects.get().words == "clinical tryal, clinical trial"
