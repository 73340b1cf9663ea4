"""The newsletter as readers meet it: from an article by way of the received mail to leaving, in three languages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from core.models import Furniture
from newsletter import subscribing
from newsletter.models import Subscriber, Suppression
from newsletter.tests import mailbox
from tests.browser.test_accessibility import WIDE, barriers
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PREFIXES = {"en": "", "cy": "/cy", "ar": "/ar"}
NEWS = {"en": "/news/", "cy": "/cy/newyddion/", "ar": "/ar/أخبار/"}
EMAIL = "reader@example.org"


@pytest.fixture(autouse=True)
def articles(site):
    Furniture.objects.update(newsletter_note="We use your address for the newsletter alone.")
    for language in NEWS:
        make_article(site, "Fair funding", language, slug=f"funding-{language}")


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def reader(request, visit):
    """A reader; after the test the browser must have had nothing to complain of, and no cookie."""
    visited = visit(java_script_enabled=request.param, reduced_motion="reduce")
    visited.has_scripts = request.param
    if request.param:
        visited.page.add_init_script(Axe().axe_script)
    yield visited
    visited.check()


def look(reader, language):
    """The page has its language, one heading, and no barrier; axe needs scripts."""
    page = reader.page
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(page.locator("h1")).to_have_count(1)
    if reader.has_scripts:
        assert list(barriers(page)) == []
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")


def press(page, form="main form"):
    with page.expect_navigation():
        page.locator(form).first.get_by_role("button").click()


def sign_up_from_an_article(reader, language):
    page = reader.page
    reader.open(f"{NEWS[language]}funding-{language}/")
    page.locator("#newsletter-email").fill(EMAIL)
    press(page, f"form[action='{PREFIXES[language]}/newsletter/']")
    expect(page).to_have_url(f"{reader.origin}{PREFIXES[language]}/newsletter/thanks/")
    look(reader, language)


def confirm(reader, language):
    page = reader.page
    reader.open(mailbox.link())
    look(reader, language)
    assert Subscriber.objects.get().state == "pending"
    press(page)
    expect(page.locator("main [role=status]")).to_be_visible()
    look(reader, language)
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.language, subscriber.frequency) == ("active", language, "weekly")
    assert f"/funding-{language}/" in subscriber.source


def change_preferences(reader, language):
    page = reader.page
    expect(page.locator(f"[name=language][value={language}]")).to_be_checked()
    page.locator("[name=frequency][value=monthly]").check()
    press(page)
    expect(page.locator("main [role=status]")).to_be_visible()
    expect(page.locator("[name=frequency][value=monthly]")).to_be_checked()
    assert Subscriber.objects.get().frequency == "monthly"


@pytest.mark.parametrize("language", ["en", "cy", "ar"])
def test_a_reader_signs_up_confirms_chooses_and_leaves(site, reader, language):
    sign_up_from_an_article(reader, language)
    confirm(reader, language)
    change_preferences(reader, language)
    press(reader.page, "main .rail form")
    look(reader, language)
    assert not Subscriber.objects.exists()
    assert Suppression.objects.get().reason == "unsubscribed"
    reader.open(mailbox.link(), status=410)
    look(reader, language)


@pytest.mark.parametrize("language", ["en", "cy", "ar"])
def test_a_mail_program_unsubscribes_in_one_click_and_a_reader_by_a_button(site, reader, language):
    for by_program in (True, False):
        subscribing.sign_up(
            EMAIL, language=language, topics=[], frequency="weekly", consent_text="", source=reader.origin
        )
        subscriber = subscribing.confirm(mailbox.link().split("/")[-2])
        address = subscribing.leave_address(subscriber)
        reader.open(address)
        look(reader, language)
        assert Subscriber.objects.exists()
        if by_program:
            answer = reader.context.request.post(
                address, form={"List-Unsubscribe": "One-Click"}, headers={"origin": "https://mail.example"}
            )
            assert answer.status == 200
        else:
            press(reader.page)
            look(reader, language)
        assert not Subscriber.objects.exists()


@pytest.mark.parametrize("language", ["en", "cy", "ar"])
def test_a_mistake_is_told_on_the_page_to_sign_up_filled_in(site, reader, language):
    page = reader.page
    reader.open(f"{NEWS[language]}funding-{language}/")
    page.locator("form a[href$='/newsletter/']").click()
    page.wait_for_url(f"**{PREFIXES[language]}/newsletter/")
    look(reader, language)
    # A browser lets an address without a full domain pass.
    page.locator("main [name=email]").fill("reader@example")
    page.locator("[name=frequency][value=each]").check()
    press(page)
    look(reader, language)
    expect(page.locator("main [name=email]")).to_have_value("reader@example")
    expect(page.locator("[name=frequency][value=each]")).to_be_checked()
    page.locator(".error-summary a").click()
    expect(page.locator("main [name=email]")).to_be_focused()
    page.locator("main [name=email]").fill(EMAIL)
    press(page)
    expect(page).to_have_url(f"{reader.origin}{PREFIXES[language]}/newsletter/thanks/")
    assert Subscriber.objects.get().frequency == "each"
