"""Readers hardly notice that an issue goes out to thousands: how long they wait, and what the processes grow."""

import http.client
import os
import statistics
import time

import pytest

from tests import mail_server
from tests.running import Running, free_port
from tests.test_mailing import PREPARE, begin, environment, look, memory_of

pytestmark = pytest.mark.processes
# Pages that are kept, and questions that are new each time.
ADDRESSES = ("/", "/news/", "/contact/", "/news/feed/", "/search/?q=plan+{}", "/search/suggest/?q=pl{}")
# So that some hundred reads fall into the time: 5 in 100 of fewer are chance.
RECIPIENTS = int(os.environ.get("RECIPIENTS", "600"))
READS = int(os.environ.get("READS", "600"))
MOST_TIMES, MOST_GROWTH_MB = 2, 25


def waits(site, number, start=0):
    """Return the seconds that so many reads took, one each hundredth of a second."""
    connection, taken = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30), []
    for count in range(start, start + number):
        began = time.perf_counter()
        connection.request("GET", ADDRESSES[count % len(ADDRESSES)].format(count))
        answer = connection.getresponse()
        answer.read()
        taken.append(time.perf_counter() - began)
        assert answer.status in (200, 429)
        time.sleep(0.01)
    return taken


def p95(taken):
    return statistics.quantiles(taken, n=20)[-1]


@pytest.mark.timeout(3600)
def test_readers_wait_no_more_than_twice_as_long_while_an_issue_goes_out(tmp_path):
    port, site = free_port(), Running(tmp_path)
    site.env |= environment(site, port)
    server = mail_server.start(mail_server.Misbehaving(1, share=0), port)
    site.manage(PREPARE)
    site.start()
    try:
        waits(site, 60)
        idle = waits(site, READS // 2, 1_000)
        worker = site.pid_of("manage.py", "db_worker")
        assert site.manage(begin(RECIPIENTS)).strip() == "True"
        while not look(site)[0]["sent"]:
            time.sleep(0.1)
        # With what it has loaded for the first mails.
        before = most = memory_of(worker)
        busy = []
        while look(site)[1] == "sending" and len(busy) < 10 * READS:
            busy += waits(site, 60, 10_000 + len(busy))
            most = max(most, memory_of(worker))
        sent = look(site)[0]["sent"]
        while look(site)[1] == "sending":
            time.sleep(1)
        idle += waits(site, READS // 2, 100_000)
    finally:
        site.stop()
        server.stop()
    # Before and after: the machine changes its pace.
    quiet, loud = p95(idle), p95(busy)
    print(
        f"{sent:,} of {RECIPIENTS:,} mails: 95 in 100 of {len(busy):,} reads within {loud / quiet:.2f} x the idle time"
    )
    print(f"({loud * 1000:.1f} and {quiet * 1000:.1f} ms); the worker grew by {most - before:.1f} MB")
    assert loud < quiet * MOST_TIMES
    assert most - before < MOST_GROWTH_MB
