"""Pages with the keyboard alone, with larger text, more contrast, less movement, and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_accessibility import NARROW, TOO_WIDE, WIDE, violations
from tests.factories import make_article
from tests.tour import everything

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

# Notes where the keyboard is: whether that can be seen, and whether something lies over it.
STEP = """() => {
    const here = document.activeElement;
    if (here === document.body) return null;
    const again = here.hasAttribute("data-visited");
    here.setAttribute("data-visited", "");
    const style = getComputedStyle(here);
    const box = here.getClientRects()[0];
    const middle = (start, end, size) => (Math.max(start, 0) + Math.min(end, size)) / 2;
    const top = document.elementFromPoint(
        middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)
    );
    return {
        html: here.outerHTML.slice(0, 100),
        again,
        seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        covered: !(here.contains(top) || top?.contains(here)),
    };
}"""
LEFT_OUT = """() => [
    ...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, summary, [tabindex='0']"),
]
    .filter((one) => one.tabIndex >= 0 && one.checkVisibility() && !one.hasAttribute("data-visited"))
    .map((one) => one.outerHTML.slice(0, 100))"""
# Text that something else lies over, or that its box cuts off. The links of cards reach over the whole card.
HIDDEN_TEXT = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode;
        const owner = text.parentElement;
        const isMeantUnseen = owner.closest(".for-listeners, .decoy, .skip-link, script");
        if (!text.data.trim() || !owner.checkVisibility() || isMeantUnseen) continue;
        owner.scrollIntoView({ block: "center" });
        const range = document.createRange();
        range.selectNodeContents(text);
        const card = owner.closest(".card, .lead, .player");
        const isHidden = [...range.getClientRects()].some((_line, number) => {
            scrollBy(0, range.getClientRects()[number].top - innerHeight / 2);
            const line = range.getClientRects()[number];
            const top = document.elementFromPoint(line.x + Math.min(line.width / 2, 20), line.y + line.height / 2);
            return !owner.contains(top) && !card?.contains(top);
        });
        if (isHidden) found.push(text.data.trim().slice(0, 60));
    }
    return found;
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    return style.transitionDuration !== "0s" || style.animationName !== "none" || style.scrollBehavior === "smooth";
}).map((one) => one.outerHTML.slice(0, 60))"""
COLOURED = """() => [...document.querySelectorAll("body *")].filter((one) => {
    const style = getComputedStyle(one);
    const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const isWhite = /, 0\\)$|^rgb\\(255, 255, 255\\)/.test(style.backgroundColor);
    return one.checkVisibility() && words && (style.color !== "rgb(0, 0, 0)" || !isWhite);
}).map((one) => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def addresses(site):
    """The addresses of a full front page, list, article and contact page."""
    for number in range(22):
        make_article(site, f"Article {number}")
    make_article(site, "Our response", **everything(site))
    return {"front page": "/", "list": "/news/", "article": "/news/our-response/", "contact": "/contact/"}


@pytest.fixture
def reader(visit):
    reader = visit(viewport=WIDE, reduced_motion="reduce")
    reader.page.add_init_script(Axe().axe_script)
    yield reader
    reader.check()


def open_details(page):
    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")


def stops_of_the_keyboard(page):
    """Return what was met on the way through the open page with the Tab key."""
    steps = []
    for _press in range(200):
        page.keyboard.press("Tab")
        step = page.evaluate(STEP)
        if step is None or (step["again"] and "skip-link" in step["html"]):
            return steps
        steps.append(step)
    raise AssertionError(f"{page.url}: the keyboard does not get out of the page")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(addresses, reader):
    for size in (WIDE, NARROW):
        reader.page.set_viewport_size(size)
        for address in addresses.values():
            reader.open(address)
            open_details(reader.page)
            steps = stops_of_the_keyboard(reader.page)
            assert "skip-link" in steps[0]["html"], address
            assert not [step for step in steps if step["again"] or step["covered"] or not step["seen"]], address
            assert reader.page.evaluate(LEFT_OUT) == [], address


def test_text_of_twice_the_size_is_whole(addresses, reader):
    for width in (1280, 640):
        reader.page.set_viewport_size({"width": width, "height": 900})
        for address in addresses.values():
            reader.open(address)
            open_details(reader.page)
            reader.page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert reader.page.evaluate(TOO_WIDE) == [], f"{address}, {width}"
            assert reader.page.evaluate(HIDDEN_TEXT) == [], f"{address}, {width}"


def test_more_contrast_is_given_to_those_who_ask(addresses, reader):
    page = reader.page
    for address in addresses.values():
        reader.open(address)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, contrast="more")
            strict = {"runOnly": ["color-contrast", "color-contrast-enhanced"], "resultTypes": ["violations"]}
            assert violations(page, strict) == [], f"{address}, {theme}"


def test_the_colours_of_the_device_lose_nothing(addresses, reader):
    """The browser takes care of the colours; edges must show what a background showed before."""
    page = reader.page
    page.emulate_media(forced_colors="active")
    for address in addresses.values():
        reader.open(address)
        edges = page.locator("main :is(.button, input:not([type=hidden]), textarea, .key-points, .notice, .band)")
        without = edges.evaluate_all(
            """all => all.filter((one) => one.checkVisibility() && !one.closest(".decoy"))
                .filter((one) => getComputedStyle(one).borderTopStyle === "none")
                .map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert without == [], address
        page.keyboard.press("Tab")
        assert page.evaluate(STEP)["seen"]


def test_nothing_moves_for_those_who_ask_for_calm(addresses, reader):
    for address in addresses.values():
        reader.open(address)
        assert reader.page.evaluate(MOVING) == [], address


def test_paper_is_black_on_white_with_the_addresses_of_links(addresses, reader):
    page = reader.page
    page.emulate_media(media="print", color_scheme="dark")
    for address in addresses.values():
        reader.open(address)
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate(COLOURED) == [], address
    reader.open(addresses["article"])
    link = page.locator(".prose .block-paragraph a[href^='/']").first
    page.pdf()
    printed = link.evaluate("one => getComputedStyle(one, '::after').content")
    assert printed == f'" ({page.evaluate("location.origin")}{link.get_attribute("href")})"'
    assert page.get_by_role("navigation").count() == 0
    assert page.locator("main").get_by_role("button").count() == 0
    answer = page.locator(".questions .answer").first
    assert answer.evaluate("one => one.getBoundingClientRect().height") > 0
