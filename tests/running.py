"""The site as `make run` runs it: its own processes, started and stopped as a person would."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests import migrated

ROOT = Path(__file__).resolve().parents[1]
# Linux gives connections those from 32768 on.
PORTS = 10_000, 32_768
WAITING = """
from django_tasks_db.models import DBTaskResult
print(DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).count())
"""


def free_port():
    """Return a port that is free, and of those that no connection is given by chance before it is used."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            port = random.randrange(*PORTS)  # noqa: S311
            probe.bind(("127.0.0.1", port))
            return port


def end(process, seconds=15):
    """End a process with all of its session: as a person would, and by force where that does not help in time."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Running:
    """A site of its own on a free port, on its own data.

    Args:
        folder: where its data is kept.
        demo: whether the demo content is loaded at the first start.
        is_new: whether the first start is to make the database; otherwise it finds one that is migrated.
    """

    def __init__(self, folder, demo=False, is_new=False):
        self.port = free_port()
        self.folder = folder
        unset = ("SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "EMAIL_URL")
        self.env = {name: value for name, value in os.environ.items() if name not in unset}
        self.env |= {"VAR_DIR": str(folder), "PORT": str(self.port), "DEMO": "1" if demo else "0"}
        if not is_new:
            migrated.copy(folder / "portal.sqlite3")

    def start(self):
        """Start, and return the seconds until the front page answered."""
        began = time.monotonic()
        self.log = open(self.folder / "log", "ab")  # noqa: SIM115 - closed when the site is stopped
        command = [sys.executable, "deploy/run.py"]
        # A session of its own, with a fair share of the processors beside the tests.
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            self.wait_for_front_page(150)
        except BaseException:
            end(self.process)
            raise
        return time.monotonic() - began

    def wait_for_front_page(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "log").read_text()
            try:
                if self.get("/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def wait_for_pictures(self, seconds=600):
        """Wait until the worker has nothing left to do."""
        deadline = time.monotonic() + seconds
        while int(self.manage(WAITING).strip() or 0):
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(3)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def time_of_a_command(self):
        """Return the seconds that a command takes which does nothing, as the machine is just now."""
        began = time.monotonic()
        self.manage("pass")
        return time.monotonic() - began

    def manage(self, code):
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
        return subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=True).stdout

    def children(self):
        command = ["ps", "-e", "-ww", "-o", "args="]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return [line for line in listed.splitlines() if f"--port {self.port}" in line]

    def pids_of(self, *words):
        """Return the ids of the site's own processes that have these words among their arguments."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                arguments, environment = ((folder / name).read_text().split("\0") for name in ("cmdline", "environ"))
            except (OSError, UnicodeDecodeError):
                continue
            if f"VAR_DIR={self.folder}" in environment and all(
                any(argument.endswith(word) for argument in arguments) for word in words
            ):
                found.append(int(folder.name))
        return found

    def pid_of(self, *words, seconds=60):
        """Return the id of the site's only process with these words, which may be about to start."""
        deadline = time.monotonic() + seconds
        while len(found := self.pids_of(*words)) != 1:
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.1)
        return found[0]

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        code = self.process.wait(20)
        self.log.close()
        return code
