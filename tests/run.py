"""What `make test` does: all tests on SQLite, then those of the database on a PostgreSQL of their own."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.audit.programs import missing_for_lighthouse, missing_for_markup
from tests.running import ROOT, free_port

# They compare what readers wait with and without something beside them, and would see other tests come and go.
MEASURING = ("tests/test_editors_together.py", "tests/test_readers_while_mailing.py")


def postgres_tools():
    """Return the folder of PostgreSQL's server programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = shutil.which("initdb")
    return found[-1].parent if found else (Path(path).parent if path else None)


@contextlib.contextmanager
def postgres(tools):
    """Run a PostgreSQL on loopback for the time of the tests, and yield its address."""
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    as_user = ["runuser", "-u", user, "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, user)
    port = free_port()
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"

    def tool(name, *args):
        subprocess.run([*as_user, str(tools / name), *args], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    tool("initdb", "-D", str(folder / "data"), "-U", "portal", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    tool("pg_ctl", "-D", str(folder / "data"), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgres://portal@127.0.0.1:{port}/postgres"
    finally:
        tool("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def redis():
    """Run a Redis on loopback that keeps nothing, and yield its address, or None where it is not installed."""
    if not shutil.which("redis-server"):
        yield None
        return
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    ping = ["redis-cli", "-p", str(port), "ping"]
    try:
        while server.poll() is None and subprocess.run(ping, check=False, capture_output=True).returncode:
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


def pytest(*args, processes=2, **environment):
    spread = ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", *spread, *args]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


def main(args):
    left_out = [
        what
        for program, what in (
            ("chromium", "the browser tests (Debian: chromium)"),
            ("redis-server", "Redis (Debian: redis-server)"),
            ("dovecot", "the mailbox tests (Debian: dovecot-imapd)"),
            ("varnishd", "the front cache (Debian: varnish)"),
        )
        if not shutil.which(program)
    ]
    left_out += [f"the looks from outside ({what})" for what in {*missing_for_lighthouse(), *missing_for_markup()}]
    print("== SQLite", flush=True)
    failed = 0 if args else pytest(*MEASURING, processes=0)
    failed = pytest(*(args or [f"--ignore={path}" for path in MEASURING])) or failed
    tools = postgres_tools()
    if tools:
        print("== PostgreSQL", flush=True)
        with postgres(tools) as address:
            failed = pytest("-m", "database", *args, DATABASE_URL=address) or failed
    else:
        left_out.append("PostgreSQL (Debian: postgresql)")
    for what in left_out:
        print(f"NOT RUN, because it is not installed: {what}")
    # What CI runs must be everything.
    return failed or (1 if left_out and os.environ.get("CI") else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
