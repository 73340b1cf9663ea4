"""A translator's day: a section is sent, an article translated and published, its source changes, it is repaired."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from core.models import User
from home.models import StandardPage
from portal import roles
from tests.browser import admin
from tests.factories import body_of, every_block, make_article

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PALE = """async () => (await axe.run(
    { include: [".js-translation-editor h3", ".js-translation-editor .errored"] }, { runOnly: ["color-contrast"] }
)).violations.flatMap((rule) => rule.nodes.map((node) => node.html.slice(0, 100)))"""
TITLE, WELSH_TITLE = "Our response", "CY Our response"


@pytest.fixture
def section(site):
    """A section of three pages, and an article with every block."""
    about = site.home.add_child(instance=StandardPage(title="About us", summary="Who we are.", locale=site.home.locale))
    for title in ("Members", "History"):
        about.add_child(instance=StandardPage(title=title, summary=f"{title} of ours.", locale=site.home.locale))
    return make_article(site, TITLE, summary="We welcome the plan.", body=body_of(every_block(site)))


@pytest.fixture
def translator(people):
    user = User.objects.create_user("translator", "translator@portal.example", admin.PASSWORD)
    user.groups.add(Group.objects.get(name=roles.translators("cy")))
    return user


def desk(page, state=""):
    page.goto(f"/admin/translation/?state={state}")
    return page.locator("table.listing tbody")


def row(page, title, state=""):
    return desk(page, state).locator("tr").filter(has=page.locator("strong", has_text=title)).first


def send_the_section(page):
    row(page, "About us", "missing").get_by_role("link", name="Translate").click()
    expect(page.locator("[name=locales]")).to_have_count(1)
    page.locator("[name=locales]").check()
    page.get_by_label("Include the 2 pages below it").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("[data-submission=finished]")).to_contain_text("3 of 3 pages")
    for title in ("About us", "Members", "History"):
        expect(row(page, title, "draft")).to_contain_text("In work")


def send_the_article(page):
    row(page, TITLE, "missing").get_by_role("link", name="Translate").click()
    page.locator("[name=locales]").check()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/admin/translation/**")
    row(page, TITLE, "draft").get_by_role("link", name="Open").click()
    expect(page.locator(".js-translation-editor li.incomplete").first).to_be_visible()


def translate_everything(page):
    """Translate every sentence in every tab, each beside its source; the tags of links stay."""
    done = 0
    for tab in page.locator("[role=tab]").all():
        tab.click()
        while page.locator("li.incomplete:visible").count():
            item = page.locator("li.incomplete:visible").first
            source = item.locator("p").first.inner_text()
            item.get_by_role("button", name="Translate").click()
            item.locator("textarea").fill(f"CY {source}")
            with page.expect_response(lambda response: response.request.method == "PUT") as saved:
                item.get_by_role("button", name="Save", exact=True).click()
            assert saved.value.ok
            expect(page.locator("li.incomplete:visible textarea")).to_have_count(0)
            done += 1
            assert done < 120
    return done


def look_at_the_preview(page):
    with page.context.expect_page() as opened:
        page.get_by_text("Preview", exact=True).first.click()
    shown = opened.value
    expect(shown.locator("html")).to_have_attribute("lang", "cy")
    expect(shown.locator("main")).to_contain_text("CY It is so.")
    shown.close()


def publish(page, title):
    page.get_by_role("button", name="Publish in Welsh").click()
    expect(page.locator(".messages")).to_contain_text(f"Published '{title}' in Welsh.")


def read_in_welsh(reader, *texts, is_outdated=False):
    page = reader.page
    reader.open("/cy/newyddion/")
    page.get_by_role("link", name=WELSH_TITLE).click()
    page.wait_for_url("**/cy/newyddion/cy-our-response/")
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    for text in (WELSH_TITLE, *texts):
        expect(page.locator("main")).to_contain_text(text)
    expect(page.locator(".outdated")).to_have_count(int(is_outdated))


def change_the_source(page, article):
    page.goto(f"/admin/pages/{article.pk}/edit/")
    admin.field(page, "summary").fill("We warmly welcome the plan.")
    admin.save(page, "Publish")


def see_that_it_is_out_of_date(page, article, site):
    page.goto(f"/admin/pages/{article.pk}/edit/")
    expect(page.locator(".messages")).to_contain_text("These translations are out of date: Cymraeg.")
    page.goto(f"/admin/pages/{site.news['en'].pk}/")
    expect(page.locator("main")).to_contain_text("Cymraeg: out of date")


def repair(page):
    expect(row(page, TITLE, "outdated")).to_contain_text("Out of date")
    row(page, TITLE, "outdated").get_by_role("link", name="Open").click()
    expect(page.locator(".messages")).to_contain_text("This translation is out of date")
    expect(page.locator(".js-translation-editor")).to_contain_text("now says “We warmly welcome the …”")
    page.get_by_role("button", name="Publish in Welsh").click()
    expect(page.locator("main")).to_contain_text("1 sentence waits for a review.")
    page.get_by_role("link", name="Back to the translation").click()
    admin.translate(page, "We warmly welcome the plan.", "CY We warmly welcome the plan.", button="Edit")
    publish(page, WELSH_TITLE)
    expect(row(page, TITLE, "done")).to_contain_text("Up to date")


def test_a_translators_day(visit, site, section, translator):
    at_the_desk, editor = visit(), visit()
    admin.sign_in(at_the_desk.page, "translator")
    send_the_section(at_the_desk.page)
    send_the_article(at_the_desk.page)
    assert translate_everything(at_the_desk.page) > 30
    look_at_the_preview(at_the_desk.page)
    publish(at_the_desk.page, WELSH_TITLE)
    reader = visit()
    read_in_welsh(reader, "CY We welcome the plan.", "CY It is so.", "CY Nation", "CY Read on", "CY In short")
    admin.sign_in(editor.page, "editor")
    change_the_source(editor.page, section)
    see_that_it_is_out_of_date(editor.page, section, site)
    read_in_welsh(reader, "CY We welcome the plan.", is_outdated=True)
    repair(at_the_desk.page)
    read_in_welsh(reader, "CY We warmly welcome the plan.")
    reader.check()


def test_headings_and_a_colleagues_words_can_be_read_in_either_theme(visit, site, section, translator):
    first, page = visit().page, visit().page
    admin.sign_in(first, "translator")
    send_the_article(first)
    admin.sign_in(page, "editor")
    page.goto(first.url)
    item = page.locator("li.incomplete").first
    item.get_by_role("button", name="Translate").click()
    item.locator("textarea").fill("Ymateb")
    admin.translate(first, TITLE, "Ein hymateb")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.add_script_tag(content=Axe().axe_script)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert page.evaluate(PALE) == [], theme
