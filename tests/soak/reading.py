"""Readers: connections to the servers that stay open, and people who read all the time."""

import gzip
import http.client
import os
import random
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import brotli

from tests.soak.heads import body_digest, head_digest

CODINGS = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
TRIES = 200
READERS = 3
PAUSE_SECONDS = 0.05


@dataclass
class Seen:
    """What a server answered: the status, the body as it was before it was packed, and the headers that count."""

    status: int
    body: bytes
    head: str | None
    began: float
    etag: str = ""

    @property
    def digest(self):
        return body_digest(self.body)

    def is_like(self, fresh):
        """Return whether this is what a fresh render says; an answer 304 has not all headers."""
        status, digest, head = fresh
        return (self.status, self.digest) == (status, digest) and self.head in (None, head)


class Connection:
    """A connection that stays open, and remembers what it was given, as a browser does.

    Args:
        port: of the server on this machine.
        host: what is sent as Host.
        chance: a ``random.Random``.
    """

    def __init__(self, port, host, chance):
        self.port, self.host, self.chance = port, host, chance
        self.known = {}
        self.open()

    def open(self):
        self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.http.connect()

    def get(self, address):
        began = time.monotonic()
        coding = self.chance.choice(list(CODINGS))
        headers = {"Host": self.host, "Accept-Encoding": coding}
        etag, body = self.known.get((address, coding), (None, None))
        if etag and self.chance.random() < 0.5:
            headers["If-None-Match"] = etag
        try:
            self.http.request("GET", address, headers=headers)
            answer = self.http.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException):
            self.http.close()
            self.open()
            raise
        if answer.status == 304:
            return Seen(200, body, None, began, etag)
        data = CODINGS[answer.headers.get("Content-Encoding", "identity")](data)
        if answer.headers.get("ETag"):
            self.known[address, coding] = answer.headers["ETag"], data
        return Seen(answer.status, data, head_digest(answer.getheaders()), began, answer.headers.get("ETag", ""))

    def process(self):
        """Return the id of the process at the other end."""
        own = self.http.sock.getsockname()[1]
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        wanted = (f"0100007F:{self.port:04X}", f"0100007F:{own:04X}")
        inode = next((line.split()[9] for line in lines if tuple(line.split()[1:3]) == wanted), None)
        return owner_of(f"socket:[{inode}]")


def owner_of(target):
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if any(os.readlink(f"/proc/{folder.name}/fd/{fd}") == target for fd in os.listdir(folder / "fd")):
                    return int(folder.name)
            except OSError:
                continue
    return None


def one_per_process(port, host, count, chance):
    """Return a connection to each of the server's processes."""
    found = {}
    for _try in range(TRIES):
        connection = Connection(port, host, chance)
        # A server process takes a connection when it can: the first answer shows that it has.
        connection.get("/healthz")
        pid = connection.process()
        if pid is not None and pid not in found:
            found[pid] = connection
        else:
            connection.http.close()
        if len(found) == count:
            return list(found.values())
    raise AssertionError(f"The server has {len(found)} processes, not {count}")


class Readers:
    """People who read the first host all the time, whatever is done to it.

    Args:
        ports: of the servers.
        host: what is sent as Host.
        seed: of what they choose.
    """

    def __init__(self, ports, host, seed):
        self.addresses = ["/"]
        self.seen = deque(maxlen=5_000)
        self.count = 0
        self.failures = deque(maxlen=20)
        self.stopped = threading.Event()
        chances = [random.Random(f"{seed}{number}") for number in range(READERS)]  # noqa: S311
        self.threads = [
            threading.Thread(target=self.read, args=(ports[number % len(ports)], host, chance))
            for number, chance in enumerate(chances)
        ]
        for thread in self.threads:
            thread.start()

    def read(self, port, host, chance):
        connection = Connection(port, host, chance)
        while not self.stopped.wait(PAUSE_SECONDS):
            address = chance.choice(self.addresses)
            try:
                seen = connection.get(address)
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{address}: {error!r}")
                continue
            self.count += 1
            if seen.status >= 500:
                self.failures.append(f"{address}: {seen.status}")
            self.seen.append((port, address, seen, time.monotonic()))

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join(70)
