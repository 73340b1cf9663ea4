"""What readers do: follow the news, change language, search, write to the team, use the keyboard."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contact.models import Enquiry
from newsletter.models import Subscriber
from tests.browser import admin
from tests.factories import make_article, make_image

pytestmark = pytest.mark.browser

TITLES = {"en": "Fair funding for trials", "cy": "Cyllid teg i dreialon", "ar": "تمويل عادل للتجارب"}


@pytest.fixture
def newest(site):
    """More articles than a list shows at once; the newest one has a picture and stands in three languages."""
    for number in range(1, 22):
        make_article(site, f"Older article {number}", published_on=timezone.now() - timedelta(days=number))
    article = make_article(
        site,
        TITLES["en"],
        slug="fair-funding",
        summary="Who pays for zebrafish?",
        lead_image=make_image("Harbour"),
        lead_image_alt="Boats in a harbour",
    )
    for language in ("cy", "ar"):
        make_article(
            site, TITLES[language], language, slug=f"article-{language}", translation_key=article.translation_key
        )
    return article


@pytest.fixture
def reader(newest, visit):
    """A reader; after the test the browser must have had nothing to complain of, and no cookie."""
    visited = visit()
    yield visited
    visited.check()


def test_a_reader_goes_from_the_front_page_to_older_news(reader):
    page = reader.page
    reader.open("/")
    page.get_by_role("main").get_by_role("link", name=TITLES["en"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES["en"])
    picture = page.get_by_alt_text("Boats in a harbour")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_role("main").get_by_role("link", name="Policy").click()
    expect(page).to_have_url(re.compile(r"/news/topics/policy/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Policy")
    rows = page.locator("main .rows > li")
    expect(rows).to_have_count(20)
    page.get_by_role("link", name="Older", exact=True).click()
    expect(rows).to_have_count(2)
    expect(page.locator("main")).to_contain_text("Older article 21")
    page.get_by_role("link", name="Newer", exact=True).click()
    expect(rows.first).to_contain_text(TITLES["en"])


def test_a_reader_switches_the_language_of_a_page(reader):
    page = reader.page
    reader.open("/news/fair-funding/")
    for name, language, direction in (("Cymraeg", "cy", "ltr"), ("العربيّة", "ar", "rtl"), ("English", "en", "ltr")):
        page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[language])
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("dir", direction)
        assert page.evaluate("getComputedStyle(document.body).direction") == direction


def test_a_page_without_a_translation_leads_to_the_front_page_of_the_language(reader):
    reader.open("/news/older-article-1/")
    reader.page.get_by_role("link", name="Cymraeg").click()
    expect(reader.page).to_have_url(re.compile(r"/cy/(#.*)?$"))
    expect(reader.page.locator("html")).to_have_attribute("lang", "cy")


def test_a_message_from_an_article_reaches_an_editor(reader, newest, people, visit):
    page = reader.page
    reader.open("/news/fair-funding/")
    form = page.locator("form").filter(has=page.get_by_label("Your message"))
    form.get_by_label("Your email").fill("reader@example.org")
    form.get_by_label("Your message").fill("Where is the plan?\nI cannot find it.")
    form.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    enquiry = Enquiry.objects.get()
    expect(page.locator("main")).to_contain_text(enquiry.reference)
    assert (enquiry.email, enquiry.page_id, enquiry.language) == ("reader@example.org", newest.pk, "en")
    assert enquiry.message.splitlines() == ["Where is the plan?", "I cannot find it."]
    read_as_editor(visit().page, enquiry)


def read_as_editor(page, enquiry):
    admin.sign_in(page, "editor")
    page.get_by_role("link", name="Enquiries").click()
    page.get_by_role("link", name=enquiry.reference).click()
    expect(page.locator("main")).to_contain_text("Where is the plan?")
    expect(page.locator("main")).to_contain_text("reader@example.org")


def test_a_mistake_in_the_form_keeps_what_was_typed(reader, newest):
    page = reader.page
    reader.open("/news/fair-funding/")
    form = page.locator("form").filter(has=page.get_by_label("Your message"))
    # A browser lets an address without a full domain pass.
    form.get_by_label("Your email").fill("reader@example")
    form.get_by_label("Your message").fill("A long thought.")
    form.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("alert")).to_contain_text("Please correct 1 thing")
    expect(page).to_have_title(re.compile("^Error: "))
    message = page.locator("main").get_by_label("Your message")
    email = page.locator("main").get_by_label("Your email")
    expect(message).to_have_value("A long thought.")
    expect(email).to_have_value("reader@example")
    page.get_by_role("alert").get_by_role("link").click()
    expect(email).to_be_focused()
    assert not Enquiry.objects.exists()
    email.fill("reader@example.org")
    page.locator("main").get_by_role("button", name="Send message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert Enquiry.objects.get().page_id == newest.pk


def test_a_reader_asks_for_the_newsletter(reader):
    page = reader.page
    reader.open("/")
    page.locator("form").filter(has_text="Sign up").get_by_label("Email").fill("reader@example.org")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    assert Subscriber.objects.get().state == "pending"


def test_search_finds_an_article(reader):
    page = reader.page
    reader.open("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Search").click()
    page.get_by_label("Search words").fill("zebrafish")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("main")).to_contain_text("1 result")
    page.locator("main").get_by_role("link", name=TITLES["en"]).click()
    expect(page).to_have_url(re.compile(r"/news/fair-funding/$"))


def test_the_keyboard_reaches_the_text_first(reader):
    page = reader.page
    reader.open("/news/fair-funding/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    box = skip.bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
