"""After an act: what every process of both hosts answers, compared with a fresh render of the same addresses."""

import http.client
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import ceil

from tests.soak.reading import Connection, one_per_process

WORKERS = 2
SECOND_HOST = "second host"
# In which a host follows what another host, or background work, has changed.
FOLLOWED_SECONDS = 2


@dataclass
class Returned:
    """The end of an act.

    Args:
        at: when it returned, by the monotonic clock.
        number: what the table of changes stood for then; None where background work has a share in it.
    """

    at: float
    number: int | None


@dataclass
class Difference:
    """An answer that is not what a fresh render says."""

    host: str
    address: str
    status: int
    fresh_status: int
    body: bytes
    fresh_body: str
    is_head: bool

    def __str__(self):
        what = "headers only" if self.is_head else f"status {self.status}, fresh {self.fresh_status}"
        return f"{self.host} {self.address} ({what})"


class Comparison:
    """Compares, with connections of its own.

    Args:
        hosts: the ``Hosts``.
        readers: the ``Readers``, whose answers are looked at too.
        seed: of which codings are asked for.
        share: of the addresses that the second host is asked for.
    """

    def __init__(self, hosts, readers, seed, share=1):
        self.chance, self.share = random.Random(seed), share  # noqa: S311
        self.hosts, self.readers, self.observer = hosts, readers, hosts.observer
        host = hosts.first.url.removeprefix("http://")
        self.first = one_per_process(hosts.first.port, host, WORKERS, self.chance)
        self.second = Connection(hosts.second_port, host, self.chance)
        self.pool = ThreadPoolExecutor(len(self.first) + 1)
        self.responses = self.of_readers = self.repeated = 0
        self.longest = 0.0

    def ask(self, connection, addresses):
        return {address: self.get(connection, address) for address in addresses}

    def get(self, connection, address):
        self.responses += 1
        try:
            return connection.get(address)
        except (OSError, http.client.HTTPException):
            # The server may end a connection that has been open for long.
            return connection.get(address)

    def check(self, addresses, returned):
        """Compare the answers of every process to some addresses.

        Args:
            addresses: the addresses.
            returned: the ``Returned`` of the act.

        Returns:
            the differences.
        """
        seen, fresh = self.round(addresses)
        differences = []
        for number, answers in enumerate(seen[:-1]):
            wrong = self.wrong(answers, fresh)
            differences += self.settle(f"process {number}", self.first[number], wrong, fresh, returned, 0)
        late, before = self.wrong(seen[-1], fresh), replace(returned, number=fresh["before"])
        return differences + self.settle(SECOND_HOST, self.second, late, fresh, before, FOLLOWED_SECONDS)

    def wrong(self, answers, fresh):
        return {address: one for address, one in answers.items() if not one.is_like(fresh["answers"][address])}

    def round(self, addresses):
        """Return what each process answers, and what is fresh."""
        began, before = time.monotonic(), self.observer("number")
        asked = [self.pool.submit(self.ask, connection, addresses) for connection in self.first]
        some = self.chance.sample(addresses, ceil(len(addresses) * self.share))
        asked.append(self.pool.submit(self.ask, self.second, some))
        fresh = self.observer("fresh", addresses)
        seen = [one.result() for one in asked]
        if before == fresh["before"] == fresh["after"] == self.observer("number"):
            self.look_at_readers(seen[0], fresh, began, time.monotonic())
        return seen, fresh

    def look_at_readers(self, answers, fresh, began, ended):
        """Put what a reader got in place of our own answer to the same, where it is not what it should be."""
        for port, address, one, arrived in list(self.readers.seen):
            known = fresh["answers"].get(address)
            if known and port == self.hosts.first.port and one.began > began and arrived < ended:
                self.of_readers += 1
                if not one.is_like(known):
                    answers[address] = one

    def settle(self, host, connection, wrong, fresh, returned, seconds):
        """Return what a process answers wrongly after its time: none after an act, some after background work.

        A worker's change moves its host's generation right after its commit, and nobody waits for the two.

        Args:
            host: its name.
            connection: to the process.
            wrong: its answers that are not what a fresh render says.
            fresh: that render.
            returned: the ``Returned`` of the act.
            seconds: its time after the act.
        """
        number, since = returned.number, returned.at
        while wrong:
            # What was written and has not moved the generation yet is about to.
            time.sleep(0.05)
            now = self.observer("number")
            if now != number:
                number, since, seconds = now, time.monotonic(), FOLLOWED_SECONDS
            behind = max(one.began - since for one in wrong.values())
            if behind > seconds:
                return [self.difference(host, *item, fresh) for item in wrong.items()]
            if host == SECOND_HOST:
                self.longest = max(self.longest, behind)
            self.repeated += 1
            seen = self.ask(connection, list(wrong))
            fresh = self.observer("fresh", list(wrong))
            wrong = self.wrong(seen, fresh)
        return []

    def difference(self, host, address, seen, fresh):
        status, digest, _head = fresh["answers"][address]
        is_head = (seen.status, seen.digest) == (status, digest)
        return Difference(host, address, seen.status, status, seen.body, self.observer("body", address), is_head)
