"""`make pictures`: takes the pictures in docs/look.md from the demo site, as readers see it."""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import sync_playwright

from tests.audit.programs import CHROMIUM, CHROMIUM_FLAGS
from tests.running import ROOT, Running

FOLDER = ROOT / "docs/pictures"
PAGES = {
    "home": "/",
    "index": "/news/",
    "article": "/news/response-national-plan-health-research/",
    "topic": "/news/topics/policy/",
    "contact": "/contact/",
}
ARABIC = {
    "home": "/ar/",
    "index": "/ar/الأخبار/",
    "article": "/ar/الأخبار/خمس-وحدات-تنضم-إلى-الشبكة/",
    "topic": "/ar/الأخبار/مواضيع/السياسات/",
    "contact": "/ar/اتصلوا-بنا/",
}
MARGIN = 57
DESKTOP, PHONE = (1280, 900), (390, 844)
# How much of a page is shown, in CSS pixels.
TALLEST = {DESKTOP: 1900, PHONE: 1700}
VIEWS = {
    "desktop": (DESKTOP, "light", PAGES),
    "dark": (DESKTOP, "dark", PAGES),
    "phone": (PHONE, "light", PAGES),
    "arabic": (DESKTOP, "light", ARABIC),
}
# Pictures further down are loaded only when somebody comes near them.
SCROLL = """async () => {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
        scrollTo(0, y);
        await new Promise((done) => setTimeout(done, 80));
    }
    scrollTo(0, 0);
}"""


def open_page(browser, site, address, size, theme):
    width, height = size
    # Without smooth scrolling: on its way back up, a page has what sticks to the window in the wrong place.
    options = {"color_scheme": theme, "locale": "en-GB", "reduced_motion": "reduce"}
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    response = page.goto(f"{site.url}{address}")
    if response.status != 200:
        sys.exit(f"{address} answered {response.status}")
    page.evaluate(SCROLL)
    page.wait_for_load_state("networkidle")
    return page


def keep(data, name):
    """Store a screenshot as WebP and return its size in bytes."""
    path = FOLDER / f"look-{name}.webp"
    Image.open(BytesIO(data)).convert("RGB").save(path, "WEBP", quality=72, method=6)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB", flush=True)
    return path.stat().st_size


def take(browser, site):
    """Take all pictures, and return their size together."""
    total = 0
    for view, (size, theme, addresses) in VIEWS.items():
        for name, address in addresses.items():
            page = open_page(browser, site, address, size, theme)
            height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[size])
            clip = {"x": 0, "y": 0, "width": size[0], "height": height}
            total += keep(page.screenshot(full_page=True, clip=clip), f"{name}-{view}")
            page.context.close()
    for name, address in PAGES.items():
        total += keep(printed(browser, site, address), f"{name}-print")
    return total


def printed(browser, site, address):
    """Return the first sheet of paper of a page, as wide as A4 less its margins at 96 dots an inch."""
    page = open_page(browser, site, address, (680, 1000), "light")
    page.emulate_media(media="print")
    data = BytesIO(page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": 680, "height": 1000}))
    page.context.close()
    sheet = BytesIO()
    ImageOps.expand(Image.open(data).convert("RGB"), border=MARGIN, fill="white").save(sheet, "PNG")
    return sheet.getvalue()


def main():
    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as folder, sync_playwright() as playwright:
        site = Running(Path(folder), demo=True)
        print("Starting the demo site ...", flush=True)
        site.start()
        try:
            site.wait_for_pictures()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
            total = take(browser, site)
            browser.close()
        finally:
            site.stop()
    print(f"{total // 1024} kB in all")


if __name__ == "__main__":
    main()
