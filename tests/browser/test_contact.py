"""Readers write to us: from an article and from the contact page, in three languages, with and without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from contact.models import Enquiry
from contact.tests.building import build, make_departments
from tests.factories import NAMES, make_article

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
LANGUAGES = ["en", "cy", "ar"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@pytest.fixture(params=[True, False], ids=["scripts", "without scripts"])
def reader(request, visit):
    """A reader whose browser runs scripts, then one whose does not."""
    made = visit(java_script_enabled=request.param, reduced_motion="reduce")
    made.has_scripts = request.param
    return made


@pytest.fixture(autouse=True)
def deliver_here(settings):
    """Mails come to ``mail.outbox``: the live server and its tasks run in this process."""
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


def said(language, words):
    with translation.override(language):
        return gettext(words)


def start(language):
    return "/" if language == "en" else f"/{language}/"


def check_barriers(reader):
    """axe finds nothing on the page that is open; without scripts it is the same page."""
    if reader.has_scripts:
        reader.page.evaluate(Axe().axe_script)
        found = reader.page.evaluate(
            "async (tags) => (await axe.run({runOnly: tags})).violations.map((one) => [one.id, one.nodes[0].html])",
            TAGS,
        )
        assert found == []


def check_thanks(reader, language):
    """The page gives the reference, and so does the mail; return the enquiry."""
    page = reader.page
    expect(page.get_by_role("heading", level=1)).to_have_text(said(language, "Thank you"))
    enquiry = Enquiry.objects.get()
    expect(page.locator("main")).to_contain_text(enquiry.reference)
    expect(page.locator("html")).to_have_attribute("lang", language)
    check_barriers(reader)
    acknowledgement = next(message for message in mail.outbox if message.to == ["reader@example.org"])
    assert acknowledgement["Content-Language"] == language
    assert enquiry.reference in acknowledgement.body
    assert (enquiry.language, enquiry.state) == (language, "new")
    # The time of the beginning came with the form where a script could ask for it.
    assert ("untimed" in enquiry.signs) == (not reader.has_scripts)
    return enquiry


def send(reader, language):
    """Press Send; where a script asks for the time of the beginning, leaving the page would break that off."""
    button = reader.page.get_by_role("button", name=said(language, "Send message"))
    if reader.has_scripts:
        form = reader.page.locator("form").filter(has=button)
        expect(form.locator("[name=opened]")).to_have_value(re.compile("."))
    button.click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_reader_writes_from_an_article_and_corrects_a_mistake(site, reader, language):
    article = make_article(site, "Fair funding", language, slug="fair-funding", topics=[], authors=[])
    page = reader.page
    reader.open(f"{start(language)}{NAMES[language][1]}/fair-funding/")
    email, message = page.locator("#enquiry-email"), page.locator("#enquiry-message")
    # A browser lets an address without a full domain pass.
    email.fill("reader@example")
    message.fill("Where is the plan?\nI cannot find it.")
    send(reader, language)
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("[name=message]")).to_have_value("Where is the plan?\nI cannot find it.")
    email = page.locator("form.enquiry [name=email]")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_have_value("reader@example")
    check_barriers(reader)
    page.locator(".error-summary a").click()
    expect(email).to_be_focused()
    email.fill("reader@example.org")
    send(reader, language)
    enquiry = check_thanks(reader, language)
    assert (enquiry.page_id, enquiry.message) == (article.pk, "Where is the plan?\nI cannot find it.")
    reader.check()


@pytest.mark.parametrize("language", LANGUAGES)
def test_reader_fills_in_the_form_that_editors_built(site, reader, language):
    press, secretariat = make_departments()
    words = {"consent_text": "We keep it.", "consent_is_asked": True, "thank_you_text": "We answer soon."}
    build(site.contact[language], [press, secretariat], **words)
    page = reader.page
    reader.open(f"{start(language)}{NAMES[language][2]}/")
    page.locator("form.enquiry [name=email]").fill("reader@example.org")
    page.locator("[name='field-day']").fill("2027-03-31")
    page.get_by_role("group", name="Which visits?").get_by_label("Belfast").check()
    page.locator("[name=message]").fill("Hello")
    send(reader, language)
    expect(page.locator(".error-summary a")).to_have_count(4)
    expect(page.locator("[name='field-day']")).to_have_value("2027-03-31")
    expect(page.get_by_label("Belfast").nth(1)).to_be_checked()
    check_barriers(reader)
    page.locator("[name=department]").select_option(label="The Secretariat")
    page.get_by_label("Your post").fill("Nurse")
    page.get_by_role("radiogroup", name="Where?").get_by_label("Cardiff").check()
    page.locator("[name=consent]").check()
    send(reader, language)
    enquiry = check_thanks(reader, language)
    expect(page.locator("main")).to_contain_text("We answer soon.")
    assert enquiry.department == secretariat
    answers = {answer["key"]: (answer["value"], answer["choices"]) for answer in enquiry.answers}
    assert answers == {
        "post": ("Nurse", []),
        "day": ("2027-03-31", []),
        "place": ("Cardiff", ["choice-cardiff"]),
        "visits": ("Belfast", ["choice-belfast"]),
    }
    assert mail.outbox[-1].to == ["secretariat@portal.example"]
    reader.check()
