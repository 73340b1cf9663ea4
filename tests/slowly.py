"""A second transaction that goes on while a test does something: what each has to wait for shows then."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from django.db import connection, transaction

SECONDS = 0.5


@contextmanager
def slowly(act, then=None):
    """Do something in a transaction that ends half a second later; the test has that long to come in between.

    Args:
        act: what is done at its beginning.
        then: what is done at its end, or None.

    Yields:
        the ``Future`` of what the last of the two returns.
    """
    has_begun = Event()

    def do():
        try:
            with transaction.atomic():
                done = act()
                has_begun.set()
                time.sleep(SECONDS)
                return then() if then else done
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(do)
        assert has_begun.wait(10)
        yield doing
