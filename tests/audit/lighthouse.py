"""Lighthouse over single pages, as its command line runs it: on a simulated phone."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.audit.programs import CHROMIUM, CHROMIUM_FLAGS, PACKAGES

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ATTEMPTS, WHOLE = 3, 100


@dataclass
class Report:
    """What Lighthouse says of a page: scores of 0 to 100, its audits by name, and the names that make a category."""

    scores: dict
    audits: dict
    parts: dict

    def faults(self):
        """Return the audits that cost a point in the categories that must have 100."""
        return [
            f"{category}: {name}"
            for category in CATEGORIES[1:]
            for name in self.parts[category]
            if self.scores[category] < WHOLE and self.audits[name].get("score") == 0
        ]


def look(address):
    """Return the Report of a page.

    Args:
        address: its full address.

    Raises:
        RuntimeError: Lighthouse could not look at it in three attempts, for which a busy machine is reason enough.
    """
    said = ""
    for _attempt in range(ATTEMPTS):
        with tempfile.TemporaryDirectory(prefix="portal-lighthouse-") as folder:
            said = _run(address, Path(folder))
            path = Path(folder, "report.json")
            found = json.loads(path.read_text()) if path.exists() else {"categories": {}}
        scores = {name: found["categories"].get(name, {}).get("score") for name in CATEGORIES}
        if None not in scores.values():
            parts = {name: [part["id"] for part in found["categories"][name]["auditRefs"]] for name in CATEGORIES}
            return Report({name: round(score * 100) for name, score in scores.items()}, found["audits"], parts)
    raise RuntimeError(f"Lighthouse could not look at {address}: {said[-500:]}")


def encoded(address):
    """Return an address in the letters that a command line and a request line can hold."""
    return quote(address, safe="/?=&")


def _run(address, folder):
    command = [
        *("node", str(PACKAGES / "lighthouse/cli/index.js"), address, "--quiet", "--output=json"),
        f"--output-path={folder / 'report.json'}",
        f"--chrome-flags={' '.join(CHROMIUM_FLAGS)} --user-data-dir={folder / 'profile'}",
    ]
    environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False).stderr
