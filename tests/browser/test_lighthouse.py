"""Lighthouse on every page type in English: the short form of `make audit`.

Speed is not asserted, because these runs share their machine with other tests; what Lighthouse sees of a page that
makes it slow on any machine is.
"""

import pytest

from tests.audit import lighthouse
from tests.audit.programs import missing_for_lighthouse
from tests.factories import make_article, make_image
from tests.tour import everything

missing = missing_for_lighthouse()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(bool(missing), reason=f"Missing: {', '.join(missing)}"),
]

PAGES = {
    "home": "/",
    "index": "/news/",
    "article": "/news/our-response/",
    "topic": "/news/topics/policy/",
    "contact": "/contact/",
    "search": "/search/",
}
# Passed or not whatever else the machine does: nothing moves, nothing is larger than it needs to be.
LASTING = ("cumulative-layout-shift", "unsized-images", "total-byte-weight", "dom-size", "font-display", "redirects")


def test_lighthouse_has_nothing_against_a_page(site, server):
    for number in range(4):
        make_article(site, f"Article {number}", lead_image=make_image(f"p{number}"), lead_image_alt="Hills")
    make_article(site, "Our response", **everything(site))
    faults = {}
    for kind, address in PAGES.items():
        report = lighthouse.look(f"{server.url}{address}")
        lasting = [name for name in LASTING if report.audits[name]["score"] not in (1, None)]
        if found := [*report.faults(), *lasting]:
            faults[kind] = (report.scores, found)
    assert faults == {}
