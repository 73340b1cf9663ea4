"""The tables of the benchmarks: printed at the end, and written to docs/performance.md with their chart."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version

from tests.bench import places
from tests.bench.chart import chart
from tests.run import ROOT

DOCUMENT = (places.FOLDER if places.IS_QUICK else ROOT / "docs") / "performance.md"
CHART = DOCUMENT.parent / "pictures" / "performance.svg"
GIT = shutil.which("git") or "git"
LINE = "{:38} {:>12} {:>12} {:>8}  {:17} {:>8}  {}"
INTRODUCTION = """# Performance

How fast Portal answers, beside other software on the same machine in the same run. `make bench` measures all of it and
writes this page; `docs/operations.md` says what an operator can do.

Only ratios mean anything here: a time or a rate is that of one machine on one day. Each ratio compares the best round
of both sides, which is what is left when nothing disturbed it; the spread is the lowest, the middle and the highest
ratio of single rounds, and says how much the machine was disturbed. The sides are measured in turn, round after round.
"""
TWIN = """
## What it is compared with

- **Plain Wagtail**: the same pages with the same words, links, pictures, topics and languages, written as Wagtail's own
  documentation teaches, on the same versions and the same database settings (`tests/bench/twin/`). Nothing in it is
  slowed down, and nothing is tuned. An article has about a thousand words, three pictures, five links to other
  articles and three topics.
- **Django's hello**: a view that returns five letters behind the middleware that `startproject` writes.
- **Raw hello**: the same five letters from a WSGI function without any framework, in the same server.
- **nginx, a file**: the same compressed bytes that Portal sends, with the same headers, from nginx's own disk.
"""


def verdict(comparison):
    """Return what the target says and whether it is met."""
    if comparison.at_most is None and comparison.at_least is None:
        return "", ""
    sign, limit = ("≤", comparison.at_most) if comparison.at_most is not None else ("≥", comparison.at_least)
    return f"{sign} {limit:g}", "met" if comparison.is_met else "MISSED"


def columns(comparison):
    """Return a comparison as the cells of its row."""
    spread = " ".join(f"{ratio:.2f}" for ratio in comparison.spread)
    digits = 3 if comparison.ratio < 0.2 else 2
    return (comparison.name, *comparison.best, f"{comparison.ratio:.{digits}f}", spread, *verdict(comparison))


def show(section):
    """Print a section as soon as it is measured."""
    print(f"\n== {section.title}: {section.over} / {section.under}", flush=True)
    print(LINE.format("", section.over[:12], section.under[:12], "ratio", "spread", "target", ""))
    for comparison in section.comparisons:
        print(LINE.format(*columns(comparison)), flush=True)


def missed(sections):
    """Return the names of what misses its target."""
    found = [(section, one) for section in sections for one in section.comparisons if not one.is_met]
    return [f"{section.title}: {one.name}" for section, one in found]


def write(sections, left_out):
    """Write the document and its chart.

    Args:
        sections: the sections that were measured.
        left_out: sentences on what was not.
    """
    rates = {name: rate for section in sections for name, rate in section.rates.items()}
    parts = [INTRODUCTION, machine()]
    CHART.parent.mkdir(parents=True, exist_ok=True)
    if rates:
        title = "An article: requests in a second (each line ten times the one before)"
        CHART.write_text(chart(rates, title), encoding="utf-8")
        parts.append("\n![Bars of requests in a second; the tables below have the figures](pictures/performance.svg)\n")
    parts += [table(section) for section in sections]
    parts.append(TWIN)
    if left_out:
        parts.append("\n## Not run\n\n" + "\n".join(f"- {one}" for one in left_out) + "\n")
    DOCUMENT.write_text("".join(parts), encoding="utf-8")


def machine():
    """Return the sentence on where and of what this was measured."""
    names = {"Django": "django", "Wagtail": "wagtail", "uvicorn": "uvicorn"}
    versions = ", ".join(f"{name} {version(package)}" for name, package in names.items())
    python = platform.python_version()
    return (
        f"\nMeasured at commit {commit()} with `make bench` on a virtual machine with {os.cpu_count()} cores, which "
        f"the load generator shares: Python {python}, {versions}, SQLite.\n"
    )


def commit():
    """Return the short name of the commit, and whether the tree had changes."""

    def git(*words):
        return subprocess.run([GIT, *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    return (git("rev-parse", "--short", "HEAD") or "unknown") + (
        " with changes" if git("status", "--porcelain") else ""
    )


def table(section):
    """Return a section in Markdown."""
    rows = [columns(one) for one in section.comparisons]
    head = ("", section.over, section.under, "ratio", "lowest, middle, highest", "target", "")
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
    notes = "\n".join(section.notes)
    return f"\n## {section.title}\n\n" + "\n".join(lines) + f"\n\n{notes}\n"
