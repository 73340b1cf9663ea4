"""What `make relevance` does: every query in three languages on both databases, as one table."""

import json
import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

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
    ranks = defaultdict(dict)
    for line in path.read_text().splitlines():
        run = json.loads(line)
        ranks[run.pop("corpus"), run.pop("language")] |= {name: reciprocal_and_recall(run[name]) for name in run}
    print(LINE.format("corpus", "", "engine", "n", "MRR@10", "recall@10", "ours minus bm25s, 95 % interval"))
    apart = []
    for (corpus, language), engines in ranks.items():
        for engine, (measures, share) in sorted(engines.items()):
            low, high = interval(measures, engines["bm25s"][0])
            compared = "" if engine == "bm25s" else f"{low:+.3f} to {high:+.3f}"
            print(
                LINE.format(corpus, language, engine, len(measures), f"{measures.mean():.3f}", f"{share:.3f}", compared)
            )
        ours = [measures.mean() for engine, (measures, _share) in engines.items() if engine != "bm25s"]
        apart.append(max(ours) - min(ours))
    print(f"SQLite and PostgreSQL are at most {max(apart):.3f} apart")
    return max(apart) >= MOST_APART


def reciprocal_and_recall(ranks):
    return reciprocal(ranks), recall(ranks)


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
