"""Every kind of page is free of what axe can find, its best-practice rules included, and says what it is."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from tests.factories import body_of, every_block, make_article, make_image

pytestmark = pytest.mark.browser

DESKTOP = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
PAGES = {
    "/": 200,
    "/news/": 200,
    "/news/our-response/": 200,
    "/contact/": 200,
    "/search/?q=response": 200,
    "/search/?q=nowhere": 200,
    "/nothing-here/": 404,
}


@pytest.fixture
def content(site):
    """An article with every block and every field that readers see, among others."""
    for number in range(21):
        make_article(site, f"Article {number}")
    article = make_article(
        site,
        "Our response",
        body=body_of(every_block(site)),
        lead_image=make_image("Harbour"),
        lead_image_alt="Boats in a harbour",
        lead_image_caption="Boats at first light",
        lead_image_credit="Jo Penn",
        updated_on=timezone.now(),
        notes_to_editors="<p>The network has sixty-one units.</p>",
        press_contact="press@portal.example",
    )
    make_article(site, "استجابتنا", "ar", slug="our-response-ar", translation_key=article.translation_key)


def check(visit, language):
    """The page that is open has no violation, one main heading, a title and its language."""
    page = visit.page
    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], page.url
    assert page.locator("h1").count() == 1, page.url
    assert page.locator("h1").inner_text().strip()
    assert page.title().strip()
    assert page.locator("html").get_attribute("lang") == language
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], f"{page.url} is wider than the window"


def check_tour(visit, language, pages):
    for address, status in pages.items():
        visit.open(address, status)
        check(visit, language)
    visit.check()


def check_form_with_errors(visit, address, language):
    visit.open(address)
    form = visit.page.locator("main form.enquiry")
    form.locator("[name=message]").fill("A message without an address.")
    form.get_by_role("button").click()
    visit.page.get_by_role("alert").wait_for()
    check(visit, language)
    visit.check()


@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["light-1280", "dark-320"])
def test_english_pages_have_no_barriers(content, visit, options):
    reader = visit(**options)
    check_tour(reader, "en", PAGES)
    check_form_with_errors(reader, "/contact/", "en")


@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["light-1280", "dark-320"])
def test_arabic_pages_have_no_barriers(content, visit, options):
    reader = visit(**options)
    check_tour(reader, "ar", {"/ar/": 200, "/ar/أخبار/": 200, "/ar/أخبار/our-response-ar/": 200})
    check_form_with_errors(reader, "/ar/اتصل/", "ar")
    assert reader.page.locator("html").get_attribute("dir") == "rtl"
