"""Every kind of page, in every state, is free of what axe can find, its best-practice rules included.

The pages come from Django's test client, so that each is looked at as it was answered, whatever it takes to get
there; style sheets, scripts and pictures come from the live server. Only the rules on colours can come out
differently in another theme, so the dark pages are asked for those.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.tour import Tour

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
# axe leaves target-size out unless asked; AAA is not claimed.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
# What reaches out of the window, where the window scrolls sideways.
TOO_WIDE = """() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
        .map((one) => one.outerHTML.slice(0, 70)).slice(0, 12);
}"""


@pytest.fixture
def show(visit, server):
    """Return a function that shows a stop of a tour in a browser; what the browser says of it must be nothing."""
    # Without the short change of colours, in the middle of which a contrast says nothing.
    reader = visit(viewport=NARROW, reduced_motion="reduce")
    reader.page.add_init_script(Axe().axe_script)

    def show_one(stop):
        response = stop.response
        headers = {**response.headers, "Content-Type": "text/html; charset=utf-8"}
        reader.page.route(
            f"{server.url}/shown/",
            lambda route: route.fulfill(status=response.status_code, headers=headers, body=stop.html),
        )
        reader.open("/shown/", response.status_code)
        return reader.page

    yield show_one
    reader.check()


def violations(page, options):
    """Return (rule, elements) for each rule of axe that the page breaks."""
    return page.evaluate(
        """async (options) => (await axe.run(options)).violations
            .map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))])""",
        options,
    )


def barriers(page):
    """Yield what is wrong with the page that is open, in two widths and two themes."""
    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    for name, size in (("narrow", NARROW), ("wide", WIDE)):
        page.set_viewport_size(size)
        for theme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            page.emulate_media(color_scheme=theme)
            for rule, nodes in violations(page, rules):
                yield f"{name}, {theme}: {rule}: {nodes}"
        too_wide = page.evaluate(TOO_WIDE)
        if too_wide:
            yield f"{name}: scrolls sideways because of {too_wide}"


def check_tour(site, show, language):
    """No stop has a barrier, and each has one main heading, a title and its language."""
    stops, faults = Tour(site, language).take(), []
    for stop in stops:
        page = show(stop)
        faults += [f"{stop.name}: {fault}" for fault in barriers(page)]
        html = page.locator("html")
        said = (html.get_attribute("lang"), html.get_attribute("dir"), page.locator("h1").count(), bool(page.title()))
        expected = (language, "rtl" if language == "ar" else "ltr", 1, True)
        if said != expected:
            faults.append(f"{stop.name}: {said}")
    assert not faults, "\n".join(faults)


def test_english_pages_have_no_barriers(site, show):
    check_tour(site, show, "en")


def test_welsh_pages_have_no_barriers(site, show):
    check_tour(site, show, "cy")


def test_arabic_pages_have_no_barriers(site, show):
    check_tour(site, show, "ar")
