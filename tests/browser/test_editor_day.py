"""A day at the news desk: an article is written, checked, published, read, translated and renamed."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from news.models import ArticlePage
from tests.browser import admin
from tests.browser.blocks import FOLDED, READ, fill_body
from tests.factories import make_article, make_document, make_image

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TITLE, SLUG = "Our response", "our-response"
WELSH_TITLE, WELSH_SLUG = "Ein hymateb", "ein-hymateb"


@pytest.fixture
def material(site):
    """What the article will show and link to."""
    make_image("Harbour")
    make_image("Hills", colour=(90, 20, 20))
    make_document("Full response")
    make_article(site, "The plan itself")


@pytest.fixture
def desk(people, visit):
    """Return a function that signs somebody in, in a browser of their own."""

    def sign_in(name):
        visited = visit()
        admin.sign_in(visited.page, name)
        return visited

    return sign_in


def photograph():
    data = BytesIO()
    Image.new("RGB", (900, 600), (20, 60, 110)).save(data, "JPEG")
    return {"name": "boats.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def test_an_article_reaches_readers_in_two_languages(site, material, desk, visit):
    author, editor, reader = desk("author"), desk("editor"), visit()
    write(author.page, site)
    check_preview(author.page)
    submit(author.page)
    reader.open(f"/news/{SLUG}/", status=404)
    approve(editor.page)
    read_in_english(reader)
    start_translation(editor.page)
    nothing_is_public_in_welsh(reader)
    publish_in_welsh(editor.page)
    read_in_welsh(reader)
    rename(editor.page)
    find_by_the_old_address(reader)
    reader.check()
    # Wagtail refuses to save a half-written form by itself, which the browser notes.
    assert [what for what in author.complaints + editor.complaints if "400 (Bad Request)" not in what] == []


def write(page, site):
    page.goto(f"/admin/pages/{site.news['en'].pk}/")
    page.get_by_role("link", name="Add child page").first.click()
    admin.field(page, "title").fill(TITLE)
    admin.field(page, "summary").fill("What we say in short.")
    admin.choose(page, "kind", "Statement")
    fill_body(page, photograph())
    admin.open_tab(page, "Topics and authors")
    admin.add_inline(page, "Topic", "article_topics", "topic", "Policy")
    admin.add_inline(page, "Author", "article_authors", "author", "Secretariat")
    admin.save(page)
    kinds = {block.block_type for block in ArticlePage.objects.get(slug=SLUG).get_latest_revision_as_object().body}
    assert kinds == set(ArticlePage.body.field.stream_block.child_blocks)


def check_preview(page):
    main = admin.preview(page).locator("main")
    expect(main.locator("h1")).to_have_text(TITLE)
    words = main.inner_text()
    assert [text for text in READ if text not in words] == []
    page.get_by_role("button", name="Toggle preview").click()


def submit(page):
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("button", name="Submit to Approval by an editor")).to_be_visible()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    admin.save(page, "Submit to Approval by an editor")
    expect(page.locator(".messages")).to_contain_text("submitted for moderation")


def approve(page):
    page.goto("/admin/")
    page.get_by_role("heading", name="Awaiting your review").wait_for()
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_url("**/edit/**")
    admin.save(page, "Approve and Publish")
    assert ArticlePage.objects.get(slug=SLUG).live


def read_in_english(reader):
    page = reader.page
    reader.open("/news/")
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_url(f"**/news/{SLUG}/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    main = page.locator("main")
    words = main.inner_text()
    assert [
        text for text in (TITLE, "What we say in short.", "Policy", "Secretariat", *READ) if text not in words
    ] == []
    for name in ("Who may take part?", "Transcript"):
        main.locator("summary", has_text=name).click()
    for text in FOLDED:
        expect(main.get_by_text(text)).to_be_visible()
    expect(main.get_by_alt_text("Boats in a harbour")).to_be_visible()
    expect(main.get_by_role("link", name="Read the plan here")).to_have_attribute("href", "/news/the-plan-itself/")
    reader.check()


def start_translation(page):
    page.goto(f"/admin/pages/{ArticlePage.objects.get(slug=SLUG).pk}/edit/")
    page.get_by_role("button", name="Actions", exact=True).first.click()
    page.get_by_role("link", name="Translate this page").click()
    page.get_by_label("Welsh").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".messages")).to_contain_text("submitted for translation into Welsh")


def nothing_is_public_in_welsh(reader):
    for slug in (SLUG, WELSH_SLUG):
        reader.open(f"/cy/newyddion/{slug}/", status=404)
    for address in ("/cy/", "/cy/newyddion/", "/cy/newyddion/pynciau/polisi/", "/cy/search/?q=response"):
        reader.open(address)
        expect(reader.page.locator("main")).not_to_contain_text(TITLE)


def publish_in_welsh(page):
    admin.translate(page, TITLE, WELSH_TITLE)
    admin.translate(page, "What we say in short.", "Yr hyn a ddywedwn, yn gryno.")
    admin.translate(page, "We welcome the plan.", "Croesawn y cynllun.")
    admin.open_tab(page, "Search and sharing")
    admin.translate(page, SLUG, WELSH_SLUG, button="Edit")
    page.get_by_role("button", name="Publish in Welsh").click()
    # Only a part is translated: the editor says that this is meant.
    page.get_by_role("button", name="Publish all the same").click()
    expect(page.locator(".messages")).to_contain_text(f"Published '{WELSH_TITLE}' in Welsh")


def read_in_welsh(reader):
    page = reader.page
    reader.open("/cy/newyddion/")
    page.get_by_role("link", name=WELSH_TITLE).click()
    page.wait_for_url(f"**/cy/newyddion/{WELSH_SLUG}/")
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    for text in (WELSH_TITLE, "Yr hyn a ddywedwn, yn gryno.", "Croesawn y cynllun.", "Polisi"):
        expect(page.locator("main")).to_contain_text(text)
    page.get_by_role("link", name="English").click()
    page.wait_for_url(f"**/news/{SLUG}/")


def rename(page):
    page.goto(f"/admin/pages/{ArticlePage.objects.get(slug=SLUG).pk}/edit/")
    admin.open_tab(page, "Search and sharing")
    admin.field(page, "slug").fill("our-answer")
    admin.save(page, "Publish")


def find_by_the_old_address(reader):
    old = reader.context.request.get(f"/news/{SLUG}/", max_redirects=0)
    assert (old.status, old.headers["location"]) == (301, "/news/our-answer/")
    reader.open(f"/news/{SLUG}/")
    assert reader.page.url.endswith("/news/our-answer/")
    expect(reader.page.locator("h1")).to_have_text(TITLE)
    reader.open(f"/cy/newyddion/{WELSH_SLUG}/")
