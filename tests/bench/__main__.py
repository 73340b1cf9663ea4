"""What `make bench` does: every comparison side by side, its report, then the long measurements of lists and search."""

import os
import subprocess
import sys

from tests.bench import places
from tests.run import ROOT, postgres, postgres_tools

SIZES = {"SIZE": "50000", "SEARCHED": "20000"}


def measure(*tests, **environment):
    command = [sys.executable, "-m", "pytest", *tests, "-s", "-p", "no:randomly"]
    return subprocess.run(command, cwd=ROOT, env=SIZES | os.environ | environment, check=False).returncode


def compare():
    """Measure what is side by side, print and write it; return whether a target is missed."""
    from tests.bench import cases, peers, report, servers

    missing = servers.missing()
    left_out = [f"Without {name}: {what}." for name, what in missing.items()]
    cases.prepare()
    sections = []

    def measured(case, *sites):
        sections.append(case(*sites))
        report.show(sections[-1])

    with cases.uncached_sites() as sites:
        for case in (cases.against_twin, cases.growth, cases.publishing):
            measured(case, sites)
    measured(cases.hit)
    if not missing:
        measured(cases.under_load)
    if os.environ.get("PEERS") and not missing:
        measured(peers.against_peers)
    else:
        left_out.append("CodeRed CMS: `PEERS=1 make bench` installs it into an environment of its own and measures it.")
    report.write(sections, left_out)
    for what in left_out:
        print(f"NOT RUN: {what}")
    for what in report.missed(sections):
        print(f"MISSED: {what}")
    print(f"Written to {report.DOCUMENT}")
    return bool(report.missed(sections))


def long_lists_and_searches():
    """Run the long measurements that are tests; those of the search on both databases."""
    print("== SQLite", flush=True)
    failed = measure("tests/bench/test_depth.py", "tests/bench/test_search.py")
    tools = postgres_tools()
    if not tools:
        print("NOT RUN, because it is not installed: PostgreSQL (Debian: postgresql)")
        return failed
    print("== PostgreSQL", flush=True)
    with postgres(tools) as address:
        return measure("tests/bench/test_search.py", DATABASE_URL=address) or failed


def main():
    failed = compare()
    if not places.IS_QUICK:
        failed = long_lists_and_searches() or failed
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
