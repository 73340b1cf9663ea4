"""The programs of other people that look at Portal from outside, and what to say where one is missing."""

import shutil
from pathlib import Path

FOLDER = Path(__file__).parent
PACKAGES = FOLDER / "node_modules"
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
INSTALL = "npm ci --ignore-scripts --prefix tests/audit"


def missing_for_lighthouse():
    """Return what Lighthouse needs and this machine lacks, in words; empty where it can run."""
    return [
        what
        for is_here, what in (
            (CHROMIUM.exists(), "Chromium (Debian: chromium)"),
            (shutil.which("node"), "Node 18.20 or newer (Debian: nodejs)"),
            ((PACKAGES / "lighthouse").is_dir(), f"the npm package lighthouse ({INSTALL})"),
        )
        if not is_here
    ]


def missing_for_markup():
    """Return what the Nu validator needs and this machine lacks, in words; empty where it can run."""
    return [
        what
        for is_here, what in (
            (shutil.which("java"), "Java (Debian: default-jre-headless)"),
            ((PACKAGES / "vnu-jar").is_dir(), f"the npm package vnu-jar ({INSTALL})"),
        )
        if not is_here
    ]
