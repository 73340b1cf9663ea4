"""Two hosts of one site: the first as `make run` runs it, the second with web servers and a state of its own."""

import fcntl
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from portal.management.commands.serve import on_port, web_server
from tests.running import ROOT, Running, end, free_port
from tests.soak.remote import Remote

CONTENT = """
import random
from tests.soak import content
content.make(random.Random({seed}))
"""
DATABASE = """
import psycopg
from urllib.parse import urlsplit
address = urlsplit({address!r})
with psycopg.connect({address!r}, autocommit=True) as connection:
    connection.execute('CREATE DATABASE "{name}" TEMPLATE template0')
"""


def new_database(address):
    """Make an empty PostgreSQL database beside the one at this address, and return its address."""
    name = f"soak_{secrets.token_hex(4)}"
    code = DATABASE.format(address=address, name=name)
    subprocess.run([sys.executable, "-c", code], check=True)
    return f"{address.rsplit('/', 1)[0]}/{name}"


class Hosts:
    """The processes of both hosts, and two that belong to the test: one observes, one acts.

    Args:
        folder: an empty folder for the data of all of them.
        seed: of the content.
        database_url: of an empty PostgreSQL database, or None for SQLite.
        cache_url: of a Redis that both hosts share, or None.
    """

    def __init__(self, folder, seed, database_url=None, cache_url=None):
        self.folder = folder
        self.first = Running(self.place("first"))
        self.env = self.first.env
        self.env |= {
            "SECRET_KEY": secrets.token_urlsafe(40),
            "ALLOWED_HOSTS": "127.0.0.1",
            "PUBLIC_URL": self.first.url,
            "DATABASE_URL": database_url or f"sqlite:///{folder}/first/portal.sqlite3",
            "STORAGE_URL": f"file://{folder}/first/media",
            **({"CACHE_URL": cache_url} if cache_url else {}),
        }
        self.seed = seed
        self.started = []
        self.log = open(folder / "log", "a")  # noqa: SIM115 - closed when all is stopped

    def place(self, name):
        path = Path(self.folder, name)
        path.mkdir(parents=True)
        return path

    def start(self):
        self.first.manage(CONTENT.format(seed=self.seed))
        self.first.start()
        self.second_port = self.start_second()
        alone = {name: value for name, value in self.beside("observer").items() if name != "CACHE_URL"}
        self.observer = self.remote("tests.soak.observer", alone)
        self.actor = self.remote("tests.soak.python_acts", self.env)
        while not self.observer("is_idle"):
            time.sleep(0.2)

    def beside(self, name):
        """Return the environment of processes with a state of their own, but the first host's files."""
        folder = self.place(name)
        (folder / "static").symlink_to(self.folder / "first/static")
        return self.env | {"VAR_DIR": str(folder)}

    def remote(self, module, env):
        found = Remote(module, env, self.log)
        self.started.append(found)
        return found

    def start_second(self):
        """Start one web server process as the second host, and return its port."""
        port = free_port()
        self.second = subprocess.Popen(
            web_server(on_port(port), 1),
            cwd=ROOT,
            env=self.beside("second"),
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while not answers(port):
            assert time.monotonic() < deadline and self.second.poll() is None
            time.sleep(0.1)
        return port

    def process(self, name):
        """Return the id of a process of the first host that `serve` started, by a word of its command."""
        children = Path(f"/proc/{self.first.process.pid}/task/{self.first.process.pid}/children").read_text().split()
        return next(int(pid) for pid in children if name.encode() in Path(f"/proc/{pid}/cmdline").read_bytes())

    def known_number(self):
        """Return the number that the processes of the first host go by."""
        return int.from_bytes((self.folder / "first/generation").read_bytes()[:8], "little", signed=True)

    def is_being_told(self):
        """Return whether a process of the first host holds the lock under which all of them are told of a change."""
        with open(self.folder / "first/generation", "r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def stop(self):
        """Stop everything; what cannot be stopped holds up nothing else."""
        with ExitStack() as stack:
            stack.callback(self.log.close)
            if hasattr(self.first, "process") and self.first.process.poll() is None:
                stack.callback(self.first.stop)
            if hasattr(self, "second"):
                stack.callback(end, self.second)
            for found in self.started:
                stack.callback(found.stop)


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
