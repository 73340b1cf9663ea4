"""Run the whole site: web server, background worker and scheduler, until Ctrl-C or TERM."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError

# More than a mail server may take to answer (EMAIL_TIMEOUT).
GRACE_SECONDS = 15
START_SECONDS = 5
WEB_SECONDS = 30
LAST_PORT = 65_535
WEB, EDITORS = "web server", "editors' web server"
# Where a server that listens on all addresses is asked.
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked, not bound


class Command(BaseCommand):
    help = "Run the web server with its background worker and scheduler; stop them all together."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="web server processes")

    def handle(self, *args, host, port, workers, **options):
        if not 1 <= port <= LAST_PORT:
            raise CommandError(f"--port must be from 1 to {LAST_PORT}.")
        lock = only_one()
        folder = tempfile.TemporaryDirectory(prefix="portal-")
        self.editors_socket = Path(folder.name, "editors")
        self.commands = commands(host, port, workers, self.editors_socket)
        self.stopping = False
        # A closed terminal ends the site as Ctrl-C does.
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.stop)
        self.running = {WEB: self.start(WEB)}
        try:
            # Readers come first: three programs that load at once take three times as long.
            self.wait_for_web(host, port)
            self.running |= {name: self.start(name) for name in self.commands if name != WEB}
            address = settings.PUBLIC_URL
            self.stdout.write(f"Portal runs at {address}/ (admin: {address}/admin/). Stop it with Ctrl-C.")
            self.stdout.flush()
            self.watch()
        finally:
            self.end_all()
            folder.cleanup()
            lock.close()

    def start(self, name):
        if name == EDITORS:
            # One that was killed leaves it behind.
            self.editors_socket.unlink(missing_ok=True)
        # A group of its own, so that Ctrl-C reaches the children through us, once and in order. No session of its own:
        # Linux shares the processors among sessions first, and priorities count only within one.
        apart = {"stdin": subprocess.DEVNULL, "process_group": 0}
        return subprocess.Popen(self.commands[name], cwd=settings.BASE_DIR, **apart)

    def stop(self, *args):
        self.stopping = True

    def wait_for_web(self, host, port):
        """Return when the web server answers, has ended, or lets us wait too long."""
        began = time.monotonic()
        while not self.stopping and self.running[WEB].poll() is None and time.monotonic() - began < WEB_SECONDS:
            asked = HTTPConnection(LOOPBACK.get(host, host), port, timeout=1)
            try:
                asked.request("GET", "/healthz")
                asked.getresponse()
            except (OSError, HTTPException):
                time.sleep(0.1)
            else:
                return
            finally:
                asked.close()

    def watch(self):
        """Restart what died, until we are told to stop; what cannot even start is told and ends the site."""
        began = time.monotonic()
        while not self.stopping:
            for name, process in self.running.items():
                if process.poll() is None or self.stopping:
                    continue
                # Who is killed ends with the number of a signal, below zero.
                if process.returncode > 0 and time.monotonic() - began < START_SECONDS:
                    raise CommandError(f"The {name} could not start; the lines above say why.")
                self.stderr.write(f"The {name} ended with {process.returncode}; starting it again.")
                # What is left of it would go on beside its successor.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                time.sleep(1)
                self.running[name] = self.start(name)
            time.sleep(0.2)

    def end_all(self):
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def only_one():
    """Return the open lock file of this site's processes, or end with a message where they run already."""
    file = open(settings.VAR_DIR / "serve.lock", "w")  # noqa: SIM115 - held as long as the site runs
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CommandError("Portal runs already on this data. Stop it first, or give another VAR_DIR.") from error
    return file


def on_port(port, host="127.0.0.1"):
    return ["--host", host, "--port", str(port)]


def web_server(place, workers, threads=8, application="portal.wsgi:application"):
    """Return the command of a web server.

    Args:
        place: arguments of ``portal.web_server`` for where it listens.
        workers: its processes.
        threads: those of each that make answers.
        application: the WSGI application, as module and name.
    """
    command = [sys.executable, "-m", "portal.web_server", *place]
    return [*command, "--workers", str(workers), "--threads", str(threads), application]


def commands(host, port, workers, editors_socket):
    """Return the command of each process by its name."""
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    proxies = f"TRUSTED_PROXY_COUNT={settings.TRUSTED_PROXY_COUNT + 1}"
    editors_place = ["--socket", str(editors_socket)]
    # Readers come first: an edit page takes long to make, and encoding a picture takes a whole processor.
    return {
        WEB: ["env", f"EDITORS_SOCKET={editors_socket}", *web_server(on_port(port, host), workers)],
        EDITORS: ["env", "EDITORS_SOCKET=", proxies, "nice", "-n", "10", *web_server(editors_place, 1)],
        "worker": ["nice", "-n", "15", *manage, "db_worker", "--queue-name", "*", "--verbosity", "0"],
        "scheduler": [*manage, "scheduler"],
    }
