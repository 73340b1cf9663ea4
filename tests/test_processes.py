"""The site starts, publishes on time, restarts fast and stops whole, in its own processes."""

import os
import signal
import sqlite3
import time

import pytest

from tests.running import Running

pytestmark = pytest.mark.processes

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
def test_what_is_due_is_done_within_five_seconds_although_the_scheduler_hangs(tmp_path):
    site = Running(tmp_path)
    site.start()
    [scheduler] = site.pids_of("manage.py", "scheduler")
    os.kill(scheduler, signal.SIGSTOP)
    try:
        site.manage(PUBLISH)
        due = time.time() + 2
        while site.get("/news/due-soon/")[0] != 200 or site.get("/news/gone-soon/")[0] != 404:
            assert time.time() < due + 30, (tmp_path / "log").read_text()
            time.sleep(0.1)
        print(f"done {time.time() - due:.1f} s after it was due")
        assert time.time() - due < 5 * max(1, site.time_of_a_command() / 2)
    finally:
        os.kill(scheduler, signal.SIGCONT)
        site.stop()


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
        deadline = time.monotonic() + 90
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
