"""After an act: what every process of both hosts answers, compared with a fresh render of the same addresses."""

import http.client
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil

from tests.soak.reading import Connection, one_per_process

WORKERS = 2
SECOND_HOST_SECONDS = 2
MOST_ROUNDS = 40


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


def unlike(answers, fresh):
    """Return those of some answers by address that are not what a fresh render says."""
    return {address: one for address, one in answers.items() if not one.is_like(fresh["answers"][address])}


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
            returned: when the act returned, by the monotonic clock.

        Returns:
            the differences.
        """
        seen, fresh, is_still = self.round(addresses)
        differences = []
        for number, answers in enumerate(seen[:-1]):
            wrong = unlike(answers, fresh)
            differences += self.confirm(number, wrong, fresh, is_still)
        late = unlike(seen[-1], fresh)
        return differences + self.wait_for_second(late, fresh, returned)

    def round(self, addresses):
        """Return what each process answers, what is fresh, and whether nothing changed that the host did not know."""
        began, before, known = time.monotonic(), self.observer("number"), self.hosts.known_number()
        asked = [self.pool.submit(self.ask, connection, addresses) for connection in self.first]
        some = self.chance.sample(addresses, ceil(len(addresses) * self.share))
        asked.append(self.pool.submit(self.ask, self.second, some))
        fresh = self.observer("fresh", addresses)
        seen = [one.result() for one in asked]
        is_still = known == before == fresh["before"] == fresh["after"] == self.observer("number")
        if is_still:
            self.look_at_readers(seen[0], fresh, began, time.monotonic())
        return seen, fresh, is_still

    def look_at_readers(self, answers, fresh, began, ended):
        """Put what a reader got in place of our own answer to the same, where it is not what it should be."""
        for port, address, one, arrived in list(self.readers.seen):
            known = fresh["answers"].get(address)
            if known and port == self.hosts.first.port and one.began > began and arrived < ended:
                self.of_readers += 1
                if not one.is_like(known):
                    answers[address] = one

    def confirm(self, number, wrong, fresh, is_still):
        """Return the differences, asking again as long as background work changes something meanwhile.

        A worker tells its host right after its commit, and nobody waits for the two.
        """
        for _round in range(MOST_ROUNDS):
            if not wrong:
                return []
            # What was written and has not moved the generation yet is about to.
            time.sleep(0.05)
            if is_still and self.observer("number") == fresh["after"]:
                return [self.difference(f"process {number}", *item, fresh) for item in wrong.items()]
            self.repeated += 1
            before, known = self.observer("number"), self.hosts.known_number()
            seen = self.ask(self.first[number], list(wrong))
            fresh = self.observer("fresh", list(wrong))
            is_still = known == before == fresh["before"] == fresh["after"]
            wrong = unlike(seen, fresh)
        return [self.difference(f"process {number}, never still", *item, fresh) for item in wrong.items()]

    def wait_for_second(self, late, fresh, returned):
        """Return the differences of the second host after its two seconds, and remember when it was still behind."""
        number, since = fresh["before"], returned
        while late:
            if self.observer("number") != number:
                # Background work: the second host has its time from here.
                number, since = self.observer("number"), time.monotonic()
            behind = max(one.began - since for one in late.values())
            if behind > SECOND_HOST_SECONDS:
                return [self.difference("second host", *item, fresh) for item in late.items()]
            self.longest = max(self.longest, behind)
            time.sleep(0.02)
            seen = self.ask(self.second, list(late))
            fresh = self.observer("fresh", list(late))
            late = unlike(seen, fresh)
        return []

    def difference(self, host, address, seen, fresh):
        status, digest, _head = fresh["answers"][address]
        is_head = (seen.status, seen.digest) == (status, digest)
        return Difference(host, address, seen.status, status, seen.body, self.observer("body", address), is_head)
