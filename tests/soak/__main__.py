"""What `make soak` does: 10,000 editing acts on SQLite, then on PostgreSQL, each followed by a look for stale bytes.

On PostgreSQL both hosts share a Redis, where there is one.
ACTS is their number, SEED what they follow from; a run that was broken off goes on where it stood.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.run import postgres, postgres_tools, redis
from tests.soak.hosts import new_database
from tests.soak.run import Run, State, path_of, report

ACTS = int(os.environ.get("ACTS", "10000"))
SEED = os.environ.get("SEED")


def soak(name, database_url=None, cache_url=None):
    """Run on one database, and with one shared cache; return whether anything was stale or could not be done."""
    path = path_of(name)
    state = State.kept_in(path, int(SEED) if SEED else None)
    print(f"== {name}: SEED={state.seed}, from act {state.number:,}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="portal-soak-"))
    Run(folder, state, database_url, cache_url=cache_url).to(ACTS, path)
    print(report(state), flush=True)
    if state.differences:
        print(f"What was seen and what is fresh stands in {folder}.")
    else:
        shutil.rmtree(folder)
    if state.number >= ACTS:
        path.unlink(missing_ok=True)
    return bool(state.differences or state.failed)


def main():
    only = os.environ.get("ONLY", "sqlite,postgresql").split(",")
    failed = soak("sqlite") if "sqlite" in only else False
    tools = postgres_tools()
    if "postgresql" in only and tools:
        with postgres(tools) as address, redis() as cache_url:
            failed = soak("postgresql", new_database(address), cache_url) or failed
    elif not tools:
        print("NOT RUN, because it is not installed: PostgreSQL (Debian: postgresql)")
    return failed


if __name__ == "__main__":
    sys.exit(main())
