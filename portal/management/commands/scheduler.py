"""Publish and expire what is due, every few seconds; count searches each minute, and tidy up once a day."""

import logging
import signal
import threading
import time

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import close_old_connections

from core import extraction, mail, mailbox, pictures, privacy, title_cards
from delivery import front_cache
from delivery.watching import Watcher
from newsletter import digests, sending
from portal import schedule
from search import rebuilding, report
from translation import submission

logger = logging.getLogger("portal.scheduler")
MINUTE, DAY = 60, 86_400
MAILBOX = 5 * MINUTE
# The first readers after a start come first.
TIDY_AFTER = 30


class Command(BaseCommand):
    help = "Publish and expire pages and snippets when they are due; runs until it is stopped."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=float, default=2.0, help="seconds between looks")
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *args, every, once, **options):
        stopped = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_args: stopped.set())
        if settings.WAGTAILFRONTENDCACHE and not once:
            # Apart from the rest, which must not wait for a cache that does not answer.
            Watcher(front_cache.Follower().look).ensure()
        next_minute = next_mailbox = 0.0
        next_tidy = 0.0 if once else time.monotonic() + TIDY_AFTER
        while True:
            do(schedule.run_due, sending.start_due)
            if time.monotonic() >= next_minute:
                next_minute = time.monotonic() + MINUTE
                each_minute()
            if settings.MAILBOX_URL and time.monotonic() >= next_mailbox:
                next_mailbox = time.monotonic() + MAILBOX
                do(mailbox.read.enqueue)
            if time.monotonic() >= next_tidy:
                next_tidy = time.monotonic() + DAY
                tidy()
            close_old_connections()
            if once or stopped.wait(every):
                return


def do(*steps):
    """Take one step after the other; one that fails is logged, and has its next turn like the others."""
    for step in steps:
        try:
            step()
        except Exception:
            logger.exception("The scheduler could not take a step and goes on")
            # The fault may be the connection's.
            close_old_connections()


def each_minute():
    """Take up what was left lying, count searches, and begin what has come due."""
    do(
        schedule.revive_lost_tasks,
        mail.resume,
        submission.resume_stalled,
        sending.resume,
        digests.assemble_due,
        report.count,
    )


def tidy():
    """Remove what is too old, and look for what was missed."""
    do(
        lambda: call_command("clearsessions"),
        lambda: call_command("prune_db_task_results", verbosity=0),
        pictures.complete_all,
        title_cards.complete.enqueue,
        report.tidy,
        *(holder.expire for holder in privacy.holders()),
        extraction.complete.enqueue,
        rebuilding.go_on.enqueue,
    )
