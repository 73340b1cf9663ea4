"""`make audit`: Lighthouse on every page type of the demo in three languages, the median of five looks each."""

import statistics
import sys
import tempfile
from pathlib import Path

from tests.audit import lighthouse
from tests.audit.pictures import ARABIC, PAGES
from tests.audit.programs import missing_for_lighthouse
from tests.running import Running

LOOKS = 5
LEAST = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
WELSH = {
    "home": "/cy/",
    "index": "/cy/newyddion/",
    "article": "/cy/newyddion/ymateb-cynllun-cenedlaethol-ymchwil-iechyd/",
    "topic": "/cy/newyddion/pynciau/polisi/",
    "contact": "/cy/cysylltu/",
}
LANGUAGES = {"en": PAGES, "cy": WELSH, "ar": ARABIC}


def addresses():
    """Yield (language, page type, address) of all that is looked at; the search without a query."""
    for language, pages in LANGUAGES.items():
        for kind, address in pages.items():
            yield language, kind, address
        yield language, "search", "/search/" if language == "en" else f"/{language}/search/"


def audit(site):
    """Print the scores of every page, and return how many are too low."""
    low = 0
    for language, kind, address in addresses():
        if (status := site.get(lighthouse.encoded(address))[0]) != 200:
            sys.exit(f"{address} answered {status}")
        reports = [lighthouse.look(f"{site.url}{lighthouse.encoded(address)}") for _look in range(LOOKS)]
        scores = {name: statistics.median(report.scores[name] for report in reports) for name in LEAST}
        is_low = any(scores[name] < least for name, least in LEAST.items())
        low += is_low
        told = "  ".join(f"{name} {score:g}" for name, score in scores.items())
        print(f"{language} {kind:8} {told}{'  TOO LOW' if is_low else ''}", flush=True)
        for fault in sorted({fault for report in reports for fault in report.faults()}):
            print(f"    {fault}", flush=True)
    return low


def main():
    if missing := missing_for_lighthouse():
        sys.exit(f"NOT RUN: {', '.join(missing)} is missing.")
    with tempfile.TemporaryDirectory(prefix="portal-audit-") as folder:
        site = Running(Path(folder), demo=True)
        print("Starting the demo site ...", flush=True)
        site.start()
        try:
            site.wait_for_pictures()
            low = audit(site)
        finally:
            site.stop()
    sys.exit(f"{low} pages are below what they should be." if low else 0)


if __name__ == "__main__":
    main()
