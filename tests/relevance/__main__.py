"""What `make relevance` does: every query in three languages on both databases, as one table."""

import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from tests.relevance import ledger
from tests.relevance.items import LANGUAGES
from tests.relevance.measures import interval, recall, reciprocal
from tests.run import postgres, postgres_tools, pytest

MOST_APART = 0.03
LINE = "{:9} {:3} {:11} {:>5} {:>7} {:>10}  {}"


def run(path, **environment):
    print(f"== {'PostgreSQL' if environment else 'SQLite'}", flush=True)
    return pytest("tests/relevance", "-s", LANGUAGES=",".join(LANGUAGES), RELEVANCE=str(path), **environment)


def table(path):
    """Print the figures of all runs; return whether the databases are further apart than they may be."""
    lines, ranks = ledger.read(path), defaultdict(dict)
    for line in lines:
        if "corpus" in line:
            ranks[line.pop("corpus"), line.pop("language")] |= line
    print(LINE.format("corpus", "", "engine", "n", "MRR@10", "recall@10", "ours minus bm25s, 95 % interval"))
    gaps = [print_engines(corpus, language, engines) for (corpus, language), engines in sorted(ranks.items())]
    for line in lines:
        if "spelling" in line:
            print("spelling  {spelling:3} {engine:11} {n:5} {share:.1%} of slips put right".format(**line))
    print(f"SQLite and PostgreSQL are at most {max(gaps, default=0):.3f} apart")
    return max(gaps, default=0) >= MOST_APART


def print_engines(corpus, language, engines):
    """Print a row for each engine; return how far apart the databases are."""
    theirs, ours = reciprocal(engines["bm25s"]), []
    for engine, ranks in sorted(engines.items()):
        measures, compared = reciprocal(ranks), ""
        if engine != "bm25s":
            ours.append(measures.mean())
            compared = "{:+.3f} to {:+.3f}".format(*interval(measures, theirs))
        figures = f"{measures.mean():.3f}", f"{recall(ranks):.3f}"
        print(LINE.format(corpus, language, engine, len(ranks), *figures, compared))
    return max(ours) - min(ours)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ranks"
        failed = run(path)
        tools = postgres_tools()
        if tools:
            with postgres(tools) as address:
                failed = run(path, DATABASE_URL=address) or failed
        else:
            print("NOT RUN, because it is not installed: PostgreSQL (Debian: postgresql)")
        failed = (path.exists() and table(path)) or failed
    return 1 if failed or (not tools and os.environ.get("CI")) else 0


if __name__ == "__main__":
    sys.exit(main())
