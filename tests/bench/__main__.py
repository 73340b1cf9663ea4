"""What `make bench` does: the long measurements, one after the other; those of the search on both databases."""

import os
import subprocess
import sys

from tests.run import ROOT, postgres, postgres_tools

SIZES = {"SIZE": "50000", "SEARCHED": "20000"}


def measure(*tests, **environment):
    command = [sys.executable, "-m", "pytest", *tests, "-s", "--timeout=7200", "-p", "no:randomly"]
    return subprocess.run(command, cwd=ROOT, env=SIZES | os.environ | environment, check=False).returncode


def main():
    print("== SQLite", flush=True)
    failed = measure("tests/bench")
    tools = postgres_tools()
    if not tools:
        print("NOT RUN, because it is not installed: PostgreSQL (Debian: postgresql)")
        return failed
    print("== PostgreSQL", flush=True)
    with postgres(tools) as address:
        return measure("tests/bench/test_search.py", DATABASE_URL=address) or failed


if __name__ == "__main__":
    sys.exit(main())
