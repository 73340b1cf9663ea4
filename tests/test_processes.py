"""The site as `make run` runs it: its own processes, started and stopped as a person would."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.processes


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """A site of its own on a free port, on its own data."""

    def __init__(self, folder):
        self.port = free_port()
        self.folder = folder
        unset = ("SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "EMAIL_URL")
        self.env = {name: value for name, value in os.environ.items() if name not in unset}
        self.env |= {"VAR_DIR": str(folder), "PORT": str(self.port), "DEMO": "0"}

    def start(self):
        """Start, and return the seconds until the front page answered."""
        began = time.monotonic()
        self.log = open(self.folder / "log", "ab")  # noqa: SIM115 - closed when the site is stopped
        command = [sys.executable, "deploy/run.py"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=self.log, stderr=subprocess.STDOUT)
        while time.monotonic() - began < 150:
            assert self.process.poll() is None, (self.folder / "log").read_text()
            try:
                if self.get("/")[0] == 200:
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())

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

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        code = self.process.wait(20)
        self.log.close()
        return code


PUBLISH = """
from datetime import timedelta
from django.utils import timezone
from news.models import ArticleKind, ArticlePage, NewsIndexPage
index = NewsIndexPage.objects.get()
page = index.add_child(instance=ArticlePage(title="Due soon", summary="s", live=False, locale=index.locale,
                       kind=ArticleKind.objects.first()))
page.go_live_at = timezone.now() + timedelta(seconds=2)
page.save_revision(approved_go_live_at=page.go_live_at)
gone = index.add_child(instance=ArticlePage(title="Gone soon", summary="s", locale=index.locale,
                       kind=ArticleKind.objects.first(), expire_at=timezone.now() + timedelta(seconds=2)))
"""


@pytest.mark.timeout(400)
def test_site_starts_publishes_on_time_restarts_fast_and_stops_whole(tmp_path):
    site = Running(tmp_path)
    site.start()
    try:
        assert "Password:" in (tmp_path / "log").read_text()
        assert (tmp_path / "portal.env").stat().st_mode & 0o077 == 0
        secret = (tmp_path / "portal.env").read_text()
        site.manage(PUBLISH)
        assert site.get("/news/due-soon/")[0] == 404
        deadline = time.monotonic() + 30
        while site.get("/news/due-soon/")[0] != 200 or site.get("/news/gone-soon/")[0] != 404:
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.3)
        assert b"Due soon" in site.get("/")[1]
        mode = sqlite3.connect(tmp_path / "portal.sqlite3").execute("PRAGMA journal_mode").fetchone()
        assert mode == ("wal",)
    finally:
        site.stop()
    assert site.children() == []
    bare = site.time_of_a_command()
    first_page = site.start()
    try:
        assert (tmp_path / "portal.env").read_text() == secret
        # The contract says five seconds on an idle machine, where a bare command takes two; the tests share theirs.
        assert first_page < 6 * max(bare, site.time_of_a_command())
        assert site.children()
    finally:
        site.stop(signal.SIGTERM)
    assert site.children() == []
