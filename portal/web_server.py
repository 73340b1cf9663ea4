"""The web server: uvicorn's processes, in which what is kept is answered at once and all else in threads.

It knows nothing of Django: what it serves is any WSGI application.
"""

import argparse
import os
import socket
import sys
import traceback
from contextlib import contextmanager

from uvicorn import Config, Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from delivery.connection import IDLE_SECONDS, Connection
from delivery.in_threads import InThreads

BACKLOG = 2048
# For a process to end, and before one that has stopped altogether is replaced.
GRACE_SECONDS, STOPPED_SECONDS = 5, 60


class Settings(Config):
    """Settings of uvicorn for a WSGI application.

    Args:
        application: as module and name.
        threads: how many answers each process makes at once.
        workers: the number of processes.
    """

    def __init__(self, application, threads, workers):
        super().__init__(
            application,
            workers=workers,
            http=Connection,
            interface="asgi3",
            loop="uvloop",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            # Whom to believe is for the application to know.
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_worker_healthcheck=STOPPED_SECONDS,
        )
        self.threads = threads

    def load_app(self):
        try:
            return InThreads(super().load_app(), self.threads)
        except Exception:
            traceback.print_exc()
            # Told from an end by accident, it is not started again.
            sys.exit(STARTUP_FAILURE)


class Supervisor(Multiprocess):
    """uvicorn's supervisor, for which a process that ends has ended.

    While we hold its end of their pipe too, a process that has begun to end, and answers no more, is waited for like
    one that is very busy.
    """

    def keep_subprocess_alive(self):
        for process in self.processes:
            process.child_conn.close()
        super().keep_subprocess_alive()


def main():
    parser = argparse.ArgumentParser(prog="portal.web_server", description="Serve a WSGI application.")
    parser.add_argument("application", nargs="?", default="portal.wsgi:application", help="module and name")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--socket", help="path of a Unix socket to listen on instead, for this user alone")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--threads", type=int, default=8, help="answers that each process makes at once")
    given = parser.parse_args()
    listening = on_socket(given.socket) if given.socket else on_address(given.host, given.port)
    settings = Settings(given.application, given.threads, given.workers)
    if given.workers > 1:
        supervisor = Supervisor(settings, sockets=[listening])
        supervisor.run()
        if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
            sys.exit(STARTUP_FAILURE)
    else:
        Server(settings).run(sockets=[listening])


def on_address(host, port):
    """Return a listening socket on an address and port, for which IPv6's "::" means all of both kinds."""
    kind = {"family": socket.AF_INET6, "dualstack_ipv6": host == "::"} if ":" in host else {}
    try:
        return socket.create_server((host, port), backlog=BACKLOG, **kind)
    except (OSError, OverflowError) as error:
        sys.exit(f"Nothing can listen on {host} port {port}: {error}")


def on_socket(path):
    """Return a listening Unix socket that this user alone can ask."""
    listening = socket.socket(socket.AF_UNIX)
    try:
        with only_for_this_user():
            listening.bind(path)
    except OSError as error:
        sys.exit(f"Nothing can listen on {path}: {error.strerror}")
    listening.listen(BACKLOG)
    return listening


@contextmanager
def only_for_this_user():
    mask = os.umask(0o177)
    try:
        yield
    finally:
        os.umask(mask)


if __name__ == "__main__":
    main()
