"""The panel of checks beside an edit form: it looks at the page as readers will see it."""

import pytest
from playwright.sync_api import expect

from tests.browser import admin
from tests.factories import make_article, make_image

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize(("alternative_text", "faults"), [("photo.jpg", "1"), ("Boats in the harbour", "0")])
def test_the_checks_count_the_faults_and_words_of_a_page(site, people, visit, alternative_text, faults):
    article = make_article(site, "Boats", lead_image=make_image("Harbour"), lead_image_alt=alternative_text)
    visited = visit()
    page = visited.page
    admin.sign_in(page, "editor")
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.wait_for_load_state()
    page.get_by_role("button", name="Toggle checks").click()
    expect(page.locator("[data-content-word-count]")).not_to_have_text("-")
    expect(page.locator("[data-content-checker-count]").first).to_have_text(faults)
    # What was found wrong stands in the console of the browser too.
    assert not [complaint for complaint in visited.complaints if "axe.run results" not in complaint]
