"""An editor makes an issue of the newsletter: articles, preview, test, sending, and what became of it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from core import addresses
from newsletter.models import Delivery, Issue, Subscriber
from tests.browser import admin
from tests.factories import make_article

pytestmark = pytest.mark.browser
AXE = """async (part) => (await axe.run(document.querySelector(part)))
    .violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))])"""
ISSUE = ".newsletter-issue"


@pytest.fixture(autouse=True)
def mail_in_memory(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.NEWSLETTER_PER_MINUTE = 0


@pytest.fixture
def subscriber(site):
    email = "reader@example.org"
    return Subscriber.objects.create(
        email=email, address_key=addresses.key(email), language="en", state=Subscriber.State.ACTIVE
    )


def assert_accessible(page, part):
    page.add_script_tag(content=Axe().axe_script)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert page.evaluate(AXE, part) == []
    page.emulate_media(color_scheme="light")


def test_an_editor_makes_previews_tests_and_sends_an_issue(site, people, subscriber, visit, mailoutbox):
    make_article(site, "A new plan")
    make_article(site, "An old question")
    page = visit(viewport={"width": 1280, "height": 1000}).page
    admin.sign_in(page, "editor")
    page.goto("/admin/newsletter/issues/new/")
    admin.field(page, "subject").fill("Autumn news")
    admin.write(page, "greeting", "Good morning.")
    for title in ("A new plan", "An old question"):
        admin.add_inline(page, "article", "articles", "article", title)
    admin.press(page, "Create")
    expect(page.get_by_text("This issue is for 1 subscriber at the moment.")).to_be_visible()
    assert_accessible(page, ISSUE)

    page.get_by_role("link", name="Preview").click()
    for name in ("The mail on a telephone", "The mail on a desktop"):
        expect(page.frame_locator(f"iframe[title='{name}']").get_by_role("link", name="A new plan")).to_be_visible()
    expect(page.get_by_role("region", name="Plain text")).to_contain_text("Good morning.")
    page.get_by_role("link", name="Back to the issue").click()

    admin.press(page, "Send test")
    expect(page.get_by_text("The test mail is on its way.")).to_be_visible()
    assert mail.outbox[-1].recipients() == ["editor@portal.example"]

    page.get_by_role("link", name="Send now").click()
    expect(page.get_by_text("to 1 subscriber now?")).to_be_visible()
    admin.press(page, "Yes, send it")
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    expect(page.locator(".newsletter-figures div").filter(has_text="Sent")).to_have_text("Sent1")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    assert_accessible(page, ISSUE)
    assert [message.to for message in mail.outbox[1:]] == [["reader@example.org"]]
    assert "An old question" in mail.outbox[-1].body


def test_progress_moves_by_itself_until_the_issue_is_sent(site, people, subscriber, visit):
    issue = Issue.objects.create(
        locale=site.home.locale, subject="Autumn news", state=Issue.State.SENDING, started_on=timezone.now()
    )
    rows = [Delivery(issue=issue, message_id=f"<{number}@localhost>") for number in range(4)]
    Delivery.objects.bulk_create(rows)
    page = visit().page
    admin.sign_in(page, "editor")
    page.goto(f"/admin/newsletter/issues/{issue.pk}/")
    told = page.locator("[data-progress] [role=status]")
    expect(told).to_contain_text("0 of 4 mails")
    assert_accessible(page, ISSUE)
    Delivery.objects.filter(pk__in=[row.pk for row in rows[:3]]).update(state="sent")
    expect(told).to_contain_text("3 of 4 mails")
    assert page.locator("progress").get_attribute("value") == "3"
    rows[3].subscriber = subscriber
    rows[3].state = "in_doubt"
    rows[3].save()
    Issue.objects.update(state=Issue.State.SENT, finished_on=timezone.now())
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Send again")).to_be_visible()
    assert_accessible(page, ISSUE)
