"""A thread in each web process that looks twice a second whether something changed that nobody told this process."""

import logging
import os
import threading
import time

from django.db import close_old_connections

logger = logging.getLogger("portal.watching")
EVERY_SECONDS = 0.5


class Watcher:
    """Calls functions without arguments again and again, for as long as the process lives.

    Args:
        looks: the functions. What one raises is logged once by each process, until it is well again.
    """

    def __init__(self, *looks):
        self.looks = looks
        self.begin()
        os.register_at_fork(after_in_child=self.begin)

    def ensure(self):
        """Start the thread, unless it runs in this process."""
        if not self.is_running:
            self.is_running = True
            threading.Thread(target=self.run, name="watcher", daemon=True).start()

    def begin(self):
        """Begin as new: a process that was forked has none of the threads, and has logged nothing."""
        self.is_running = False
        self.failing = set()

    def run(self):
        while True:
            for look in self.looks:
                self.attempt(look)
            close_old_connections()
            time.sleep(EVERY_SECONDS)

    def attempt(self, look):
        try:
            look()
        except Exception:
            if look not in self.failing:
                logger.exception("A look at what changed failed, and is tried again")
            self.failing.add(look)
        else:
            self.failing.discard(look)
