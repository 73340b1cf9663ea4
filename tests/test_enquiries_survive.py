"""Enquiries sent to the running site while the mail server misbehaves and workers are killed: none is lost."""

import os
import random
import signal
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import mail_server
from tests.running import Running

pytestmark = pytest.mark.processes
ENQUIRIES = int(os.environ.get("ENQUIRIES", "40"))
KILLS = int(os.environ.get("KILLS", "2"))
SEED = int(os.environ.get("SEED", str(random.randrange(10**6))))  # noqa: S311
# What takes hours in life: a lost worker's tasks are handed back, and what waits to be tried again is due.
HURRY = """
from datetime import timedelta
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from portal import schedule
schedule.LOST_AFTER_SECONDS = 30
schedule.revive_lost_tasks()
DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now() - timedelta(minutes=1))
"""
COUNT = """
from collections import Counter
from contact.models import Enquiry
from core.models import QueuedMail
states = Counter(QueuedMail.objects.values_list("state", flat=True))
print(Enquiry.objects.count(), states["sent"], states["waiting"], sum(states.values()))
"""


def send(site, number):
    """Post one enquiry as a browser does, each from a network of its own; return the seconds it took."""
    fields = {"email": f"reader-{number}@example.org", "message": f"Question number {number}, about the plan."}
    headers = {"Origin": site.url, "X-Forwarded-For": f"198.51.{number // 250}.{number % 250 + 1}"}
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{site.url}/enquiries/", urllib.parse.urlencode(fields).encode(), headers
    )
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        assert b'<strong dir="ltr">' in answer.read()
    return time.monotonic() - began


@pytest.mark.timeout(1800 + ENQUIRIES * 2)
def test_enquiries_are_all_stored_and_acknowledged(tmp_path):
    print(f"SEED={SEED}")
    chance = random.Random(SEED)  # noqa: S311
    server = mail_server.start(mail_server.Misbehaving(SEED, share=8))
    site = Running(tmp_path)
    site.env |= {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}", "TRUSTED_PROXY_COUNT": "1"}
    site.start()
    try:
        with ThreadPoolExecutor(4) as senders:
            sent = [senders.submit(send, site, number) for number in range(ENQUIRIES)]
            for _number in range(KILLS):
                time.sleep(chance.uniform(0.5, 3))
                for pid in site.pids_of("manage.py", "db_worker"):
                    os.kill(pid, signal.SIGKILL)
            waited = sorted(future.result() for future in sent)
        print(f"answers: median {waited[len(waited) // 2]:.2f} s, longest {waited[-1]:.2f} s")
        deadline = time.monotonic() + 600 + ENQUIRIES * 1.5
        while True:
            site.manage(HURRY)
            stored, mailed, waiting, _queued = map(int, site.manage(COUNT).split())
            if not waiting and mailed >= ENQUIRIES:
                break
            assert time.monotonic() < deadline, (stored, mailed, waiting, dict(server.handler.faults))
            time.sleep(2)
    finally:
        site.stop()
        server.stop()
    assert stored == ENQUIRIES
    acknowledged = {recipient for recipient, _id, _subject in server.handler.taken}
    assert acknowledged >= {f"reader-{number}@example.org" for number in range(ENQUIRIES)}
    # A worker that was killed between the server's answer and its note sends again, under the same Message-ID.
    by_id = {message_id for _recipient, message_id, _subject in server.handler.taken}
    assert len(server.handler.taken) - len(by_id) <= KILLS
