"""An issue to many subscribers with real workers that are killed, over a mail server that misbehaves."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests import mail_server
from tests.running import ROOT, Running

pytestmark = pytest.mark.processes
RECIPIENTS = int(os.environ.get("RECIPIENTS", "150"))
KILLS = int(os.environ.get("KILLS", "3"))
SEED = int(os.environ.get("SEED", str(random.randrange(10**6))))  # noqa: S311
REFUSED = RECIPIENTS // 50
PREPARE = """
from django.core.management import call_command
from portal import site
call_command("migrate", verbosity=0)
site.fill_empty(site.ensure())
"""
BEGIN = f"""
from django.utils import timezone
from wagtail.models import Locale
from core import addresses
from news.models import ArticleKind, ArticlePage, NewsIndexPage
from newsletter import sending
from newsletter.models import Issue, IssueArticle, Subscriber
index = NewsIndexPage.objects.get()
article = index.add_child(instance=ArticlePage(title="The plan", summary="In short.", locale=index.locale,
                          kind=ArticleKind.objects.first(), published_on=timezone.now()))
names = [f"refused-{{n}}" if n < {REFUSED} else f"reader-{{n}}" for n in range({RECIPIENTS})]
rows = [(f"{{name}}@example.org", "active") for name in names]
rows += [(f"pending-{{n}}@example.org", "pending") for n in range(20)]
Subscriber.objects.bulk_create(
    Subscriber(email=email, address_key=addresses.key(email), language="en", state=state) for email, state in rows)
issue = Issue.objects.create(locale=index.locale, subject="Autumn")
IssueArticle.objects.create(issue=issue, article=article)
print(sending.start(issue))
"""
# What takes minutes in life: holds of the dead run out, and what waits to be tried again is due.
HURRY = """
from datetime import timedelta
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from newsletter import sending
from newsletter.models import Delivery, Issue
past = timezone.now() - timedelta(minutes=5)
Delivery.objects.filter(state="waiting").update(due=None, attempts=0)
DBTaskResult.objects.filter(status="RUNNING").update(status="FAILED")
DBTaskResult.objects.filter(status="READY").update(run_after=past)
Issue.objects.filter(state="sending").update(held_until=past)
sending.resume()
"""


def worker(site):
    command = [sys.executable, "manage.py", "db_worker", "--queue-name", "*", "--verbosity", "0"]
    return subprocess.Popen(command, cwd=ROOT, env=site.env, start_new_session=True)


def kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def look(site):
    """Return the states of the deliveries, counted, and that of the issue."""
    with contextlib.closing(sqlite3.connect(site.folder / "portal.sqlite3", timeout=20)) as database:
        states = dict(database.execute("SELECT state, COUNT(*) FROM newsletter_delivery GROUP BY state"))
        return Counter(states), database.execute("SELECT state FROM newsletter_issue").fetchone()[0]


@pytest.mark.timeout(3600)
def test_nobody_gets_an_issue_twice_and_all_but_one_in_doubt_for_each_kill_get_it(tmp_path):
    print(f"SEED={SEED}")
    chance = random.Random(SEED)  # noqa: S311
    server = mail_server.start(mail_server.Misbehaving(SEED, share=3))
    site = Running(tmp_path)
    site.env |= {
        "SECRET_KEY": "only-for-tests",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_URL": f"http://127.0.0.1:{site.port}",
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "NEWSLETTER_PER_MINUTE": "0",
    }
    process = None
    try:
        site.manage(PREPARE)
        assert site.manage(BEGIN).strip() == "True"
        began = time.monotonic()
        for _number in range(KILLS):
            process = worker(site)
            before = look(site)[0]["sent"]
            deadline = time.monotonic() + 90
            while look(site)[0]["sent"] == before and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(chance.uniform(0, RECIPIENTS / 100 / (KILLS + 1)))
            kill(process)
            # Nobody else works on this copy of the site: what the dead one held is free.
            site.manage(HURRY)
        process = worker(site)
        deadline = time.monotonic() + 120 + RECIPIENTS / 5
        while look(site)[1] != "sent":
            assert time.monotonic() < deadline, (look(site), dict(server.handler.faults))
            time.sleep(2)
            if look(site)[0]["waiting"] and not look(site)[0]["sending"]:
                kill(process)
                site.manage(HURRY)
                process = worker(site)
                time.sleep(8)
        print(f"{RECIPIENTS:,} recipients in {time.monotonic() - began:.0f} s, faults {dict(server.handler.faults)}")
    finally:
        if process:
            kill(process)
        server.stop()
    states, _state = look(site)
    print(dict(states))
    got = Counter(recipient for recipient, _id, _subject in server.handler.taken)
    assert not [recipient for recipient, times in got.items() if times > 1]
    assert not [recipient for recipient in got if recipient.startswith(("pending", "refused"))]
    assert states["refused"] == REFUSED
    assert states["sent"] + states["in_doubt"] == RECIPIENTS - REFUSED
    assert states["in_doubt"] <= KILLS
    assert states["sent"] <= len(got) <= RECIPIENTS - REFUSED
