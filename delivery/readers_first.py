"""Readers go first: while a page is made for one, the editors' requests of the same process wait at their next query.

Python runs one thread of a process at a time and gives each the same share. An edit page takes ten times as long to
make as a reader's, so four editors would make everybody else's pages several times slower.
"""

import threading
import time

from django.db import connection

from delivery.middleware import ADMIN_PREFIXES

# What an editor's request waits in all, however many readers there are: a statement can be withdrawn in any crowd.
LONGEST_SECONDS = 0.5


class ReadersFirst:
    """A WSGI application that makes room for readers' requests.

    Args:
        application: the WSGI application that answers all of them.
    """

    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()
        self.readers = 0
        self.nobody_reads = threading.Event()
        self.nobody_reads.set()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith(ADMIN_PREFIXES):
            with connection.execute_wrapper(Patience(self.nobody_reads)):
                return self.application(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            # What somebody sends slowly would hold up all editors.
            return self.application(environ, start_response)
        self.count(1)
        try:
            return self.application(environ, start_response)
        finally:
            self.count(-1)

    def count(self, step):
        with self.lock:
            self.readers += step
            if self.readers:
                self.nobody_reads.clear()
            else:
                self.nobody_reads.set()


class Patience:
    """Waits before each query of one request until nobody reads, as long as its patience lasts.

    Args:
        nobody_reads: the ``threading.Event`` to wait for.
    """

    def __init__(self, nobody_reads):
        self.nobody_reads = nobody_reads
        self.left = LONGEST_SECONDS

    def __call__(self, execute, sql, params, many, context):
        # Inside a transaction, others would wait for this one.
        if self.left > 0 and not self.nobody_reads.is_set() and not context["connection"].in_atomic_block:
            began = time.monotonic()
            self.nobody_reads.wait(self.left)
            self.left -= time.monotonic() - began
        return execute(sql, params, many, context)
