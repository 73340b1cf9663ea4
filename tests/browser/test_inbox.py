"""An editor works through the inbox: finds what was held, rescues it, assigns, notes and replies."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import expect

from contact.models import Enquiry
from contact.tests.inbox import enquiry_from
from core.models import QueuedMail
from tests.browser import admin

pytestmark = pytest.mark.browser
AXE = """async (part) => (await axe.run(document.querySelector(part)))
    .violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))])"""
LONG = "A very long line without an end " * 8


def assert_accessible(page, part):
    page.add_script_tag(content=Axe().axe_script)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert page.evaluate(AXE, part) == []
    page.emulate_media(color_scheme="light")


@pytest.fixture
def enquiries(site):
    enquiry_from("ما هي شروط التقديم على المنحة؟", language="ar", name="باحثة")
    enquiry_from(f"Please send me the plan. {LONG}", name="A Researcher", page=site.contact["en"])
    answers = [{"key": "a", "label": "Maint eich grŵp", "value": "12", "choices": []}]
    return enquiry_from(
        "Gweler https://a.example https://b.example\n\nA wnewch chi ateb?",
        language="cy",
        name="Darllenydd",
        state="spam",
        signs=["links", "hasty"],
        answers=answers,
        page=site.contact["cy"],
        consent_text="Rydym yn cadw eich neges am flwyddyn.",
        consent_version="1f6b2c9d0a3e",
    )


def test_an_editor_rescues_assigns_notes_and_replies(site, people, enquiries, visit, mailoutbox):
    page = visit(viewport={"width": 1280, "height": 1000}).page
    admin.sign_in(page, "editor")
    page.get_by_role("link", name="Enquiries (2)").click()
    expect(page.get_by_text("Please send me the plan.")).to_be_visible()
    assert_accessible(page, "#listing-results")
    page.get_by_role("navigation", name="State").get_by_role("link", name="Spam (1)").click()
    page.get_by_role("button", name="Show filters").click()
    page.get_by_role("button", name="Language").click()
    page.get_by_role("radio", name="Welsh").check()
    expect(page.get_by_text("1 enquiry found")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name=enquiries.reference).click()
    expect(page.get_by_text("The message has many links.")).to_be_visible()
    admin.press(page, "Not spam")
    page.get_by_label("Assigned to").select_option("editor")
    admin.press(page, "Assign")
    page.get_by_label("Note for the team").fill("Asked the office.")
    admin.press(page, "Keep note")
    page.get_by_label("Reply", exact=True).fill("Diolch. Gwnawn.")
    admin.press(page, "Send reply")
    expect(page.get_by_role("heading", name="Answered")).to_be_visible()
    thread = page.get_by_role("list").filter(has_text="Asked the office.")
    for words in ("This is not spam.", "Acknowledgement to the sender", "Assigned to editor.", "Diolch. Gwnawn."):
        expect(thread).to_contain_text(words)
    assert_accessible(page, ".inbox")
    sent = mail.outbox[-1]
    assert sent.recipients() == ["reader@example.org"]
    assert "Diolch. Gwnawn." in sent.body
    assert QueuedMail.objects.filter(about=enquiries.reference, state="sent").count() == 2
    assert Enquiry.objects.get(pk=enquiries.pk).assigned_to == people["editor"]


def test_words_that_are_being_written_are_not_lost_to_another_button(site, people, enquiries, visit):
    page = visit().page
    admin.sign_in(page, "editor")
    enquiry = Enquiry.objects.get(language="ar")
    page.goto(f"/admin/enquiries/{enquiry.pk}/")
    form = page.locator("form.inbox-writing", has=page.get_by_label("Reply", exact=True))
    # Wagtail takes what stands in a form after two seconds for what it came with.
    expect(form).to_have_attribute("data-w-unsaved-has-edits-value", "false")
    page.get_by_label("Reply", exact=True).press_sequentially("Dear researcher")
    expect(form).to_have_attribute("data-w-unsaved-has-edits-value", "true")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("button", name="Assign").click(no_wait_after=True)
    expect(page.get_by_label("Reply", exact=True)).to_have_value("Dear researcher")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Send reply").dblclick()
    expect(page.get_by_role("heading", name="Answered")).to_be_visible()
    expect(page.get_by_text("The reply is on its way.")).to_be_visible()
    assert asked == ["beforeunload"]
    assert enquiry.thread.filter(kind="reply").count() == 1


def test_several_enquiries_are_put_away_from_the_list(site, people, enquiries, visit):
    page = visit().page
    admin.sign_in(page, "editor")
    page.goto("/admin/enquiries/?state=new")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Do with the selected enquiries").select_option("Spam")
    admin.press(page, "Do it")
    expect(page.get_by_text("2 enquiries were changed.")).to_be_visible()
    assert Enquiry.objects.filter(state="spam").count() == 3
