"""An issue to many subscribers with real workers that are killed, over a mail server that misbehaves."""

import contextlib
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests import mail_server
from tests.running import ROOT, Running, free_port

pytestmark = pytest.mark.processes
RECIPIENTS = int(os.environ.get("RECIPIENTS", "150"))
KILLS = int(os.environ.get("KILLS", "3"))
SEED = int(os.environ.get("SEED", str(random.randrange(10**6))))  # noqa: S311
REFUSED = RECIPIENTS // 50
# Whatever the number of recipients.
MOST_GROWTH_MB = 25
PREPARE = """
from django.core.management import call_command
from portal import site
call_command("migrate", verbosity=0)
site.fill_empty(site.ensure())
"""
BEGIN = """
from django.utils import timezone
from wagtail.models import Locale
from core import addresses
from news.models import ArticleKind, ArticlePage, NewsIndexPage
from newsletter import sending
from newsletter.models import Issue, IssueArticle, Subscriber
index = NewsIndexPage.objects.get()
article = index.add_child(instance=ArticlePage(title="The plan", summary="In short.", locale=index.locale,
                          kind=ArticleKind.objects.first(), published_on=timezone.now()))
names = [f"refused-{{n}}" if n < {refused} else f"reader-{{n}}" for n in range({recipients})]
rows = [(f"{{name}}@example.org", "active") for name in names]
rows += [(f"pending-{{n}}@example.org", "pending") for n in range(20)]
Subscriber.objects.bulk_create(
    Subscriber(email=email, address_key=addresses.key(email), language="en", state=state) for email, state in rows)
issue = Issue.objects.create(locale=index.locale, subject="Autumn")
IssueArticle.objects.create(issue=issue, article=article)
print(sending.start(issue))
"""
WAITS = """
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
print(DBTaskResult.objects.filter(status="READY", run_after__gt=timezone.now(), run_after__year__lt=9999).count())
"""
# What takes minutes in life: what waits to be tried again is due.
DUE = """
from datetime import timedelta
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from newsletter.models import Delivery, Issue
past = timezone.now() - timedelta(minutes=5)
Delivery.objects.filter(state="waiting").update(due=None, attempts=0)
DBTaskResult.objects.filter(status="READY").update(run_after=past)
"""
# After all workers are dead: so are their holds.
HURRY = f"""{DUE}
from newsletter import sending
DBTaskResult.objects.filter(status="RUNNING").update(status="FAILED")
Issue.objects.filter(state="sending").update(held_until=past)
sending.resume()
"""


def worker(site):
    command = [sys.executable, "manage.py", "db_worker", "--queue-name", "*", "--verbosity", "0"]
    return subprocess.Popen(command, cwd=ROOT, env=site.env, start_new_session=True)


def begin(recipients):
    """Return the code that begins to send an issue to so many, of whom the server refuses one in fifty."""
    return BEGIN.format(recipients=recipients, refused=recipients // 50)


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def memory_of(pid):
    """Return the MB of memory that a process has."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def let_it_find_no_server(site):
    """Let workers come while nobody answers at the mail server's address; they wait, and mark nothing."""
    deadline = time.monotonic() + 90
    with workers(site):
        while int(site.manage(WAITS)) == 0:
            assert time.monotonic() < deadline
    assert look(site) == (Counter(waiting=RECIPIENTS), "sending")
    site.manage(HURRY)


def look(site):
    """Return the states of the deliveries, counted, and that of the issue."""
    with contextlib.closing(sqlite3.connect(site.folder / "portal.sqlite3", timeout=20)) as database:
        states = dict(database.execute("SELECT state, COUNT(*) FROM newsletter_delivery GROUP BY state"))
        return Counter(states), database.execute("SELECT state FROM newsletter_issue").fetchone()[0]


def environment(site, port):
    return {
        "SECRET_KEY": "only-for-tests",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_URL": f"http://127.0.0.1:{site.port}",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "NEWSLETTER_PER_MINUTE": "0",
    }


@contextlib.contextmanager
def workers(site):
    """Two workers, until they are killed at the end."""
    started = [worker(site), worker(site)]
    try:
        yield started
    finally:
        for process in started:
            kill(process)


def until_more_is_sent(site):
    before, deadline = look(site)[0]["sent"], time.monotonic() + 120
    while look(site)[0]["sent"] == before:
        assert time.monotonic() < deadline, look(site)
        time.sleep(0.02)


def kill_at_random(site, chance):
    """Let workers send for a moment and kill them; of two, one holds the issue."""
    with workers(site):
        until_more_is_sent(site)
        time.sleep(chance.uniform(0, RECIPIENTS / 100 / (KILLS + 1)))
    site.manage(HURRY)


def send_the_rest(site):
    """Let workers come to the end; return the MB by which one of them has grown at most."""
    deadline = time.monotonic() + 120 + RECIPIENTS / 5
    with workers(site) as started:
        until_more_is_sent(site)
        before = [memory_of(process.pid) for process in started]
        while look(site)[1] != "sent":
            assert time.monotonic() < deadline, look(site)
            time.sleep(2)
            site.manage(DUE)
        return max(memory_of(process.pid) - was for process, was in zip(started, before, strict=True))


@pytest.mark.timeout(3600)
def test_nobody_gets_an_issue_twice_and_all_but_one_in_doubt_for_each_kill_get_it(tmp_path):
    print(f"SEED={SEED}")
    chance = random.Random(SEED)  # noqa: S311
    handler, port, site = mail_server.Misbehaving(SEED, share=3), free_port(), Running(tmp_path)
    site.env |= environment(site, port)
    site.manage(PREPARE)
    assert site.manage(begin(RECIPIENTS)).strip() == "True"
    began = time.monotonic()
    let_it_find_no_server(site)
    server = mail_server.start(handler, port)
    try:
        for _number in range(KILLS):
            kill_at_random(site, chance)
        grown = send_the_rest(site)
    finally:
        server.stop()
    states, _state = look(site)
    print(f"{RECIPIENTS:,} recipients in {time.monotonic() - began:.0f} s, {KILLS} kills, {dict(states)}")
    print(f"a worker grew by {grown:.1f} MB; faults {dict(handler.faults)}")
    got = Counter(recipient for recipient, _id, _subject in handler.taken)
    assert not [recipient for recipient, times in got.items() if times > 1]
    assert not [recipient for recipient in got if recipient.startswith(("pending", "refused"))]
    assert states["refused"] == REFUSED
    assert states["sent"] + states["in_doubt"] == RECIPIENTS - REFUSED
    assert states["in_doubt"] <= KILLS
    assert states["sent"] <= len(got) <= RECIPIENTS - REFUSED
    assert grown < MOST_GROWTH_MB
