"""A run of many acts, one after the other, each followed by the comparison; it can be continued after a break."""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.soak import admin_acts
from tests.soak.comparing import SECOND_HOST_SECONDS, Comparison
from tests.soak.hosts import Hosts
from tests.soak.reading import Readers

OTHERS = 20
# So many acts: what comes and goes meanwhile is among what is touched.
POOL_LASTS = 5
MOST_DIFFERENCES = 20
BAR = 30


@dataclass
class State:
    """Where a run stands; kept in a file, so that it can be continued."""

    seed: int
    number: int = 0
    counts: dict = field(default_factory=dict)
    differences: list = field(default_factory=list)
    failed: list = field(default_factory=list)
    responses: int = 0
    of_readers: int = 0
    read: int = 0
    repeated: int = 0
    longest: float = 0.0
    seconds: float = 0.0

    @classmethod
    def kept_in(cls, path, seed):
        """Return what a file says, or a new run where there is none or one with another seed."""
        known = json.loads(path.read_text()) if path and path.exists() else None
        if known and seed in (None, known["seed"]):
            return cls(**known)
        return cls(random.randrange(10**6) if seed is None else seed)  # noqa: S311

    def keep(self, path):
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(asdict(self)))


class Run:
    """Acts on a site of its own.

    Args:
        folder: an empty folder for the data.
        state: a ``State``.
        database_url: of an empty PostgreSQL database, or None for SQLite.
        share: of the addresses that the second host is asked for after each act.
        cache_url: of a Redis that both hosts share, or None.
    """

    def __init__(self, folder, state, database_url=None, share=1, cache_url=None):
        self.folder, self.state, self.share = folder, state, share
        self.pool = []
        self.hosts = Hosts(folder, state.seed, database_url, cache_url)

    def to(self, acts, path=None):
        """Do the acts up to this number, and keep the state in a file after each.

        Raises:
            AssertionError: a reader got a fault of the server.
        """
        try:
            self.start()
            for number in range(self.state.number, acts):
                began = time.monotonic()
                self.one(number)
                self.note(number + 1, time.monotonic() - began, path)
                progress(self.state, acts)
                if len(self.state.differences) >= MOST_DIFFERENCES:
                    break
        finally:
            self.stop()
        assert not self.readers.failures, list(self.readers.failures)

    def start(self):
        self.hosts.start()
        host = self.hosts.first.url.removeprefix("http://")
        self.readers = Readers([self.hosts.first.port, self.hosts.first.port, self.hosts.second_port], host, 1)
        self.comparison = Comparison(self.hosts, self.readers, self.state.seed, self.share)
        password = (self.folder / "first/admin.txt").read_text().split("Password: ")[1].strip()
        self.editor = admin_acts.Editor(self.hosts.first.url, password)

    def stop(self):
        if hasattr(self, "readers"):
            self.readers.stop()
        self.hosts.stop()

    def one(self, number):
        """Do one act, and compare."""
        plan = self.hosts.observer("choose", self.state.seed, number)
        chance = random.Random(f"{self.state.seed}/{number}")  # noqa: S311
        touched = self.hosts.observer("touched", plan["touches"])
        if number % POOL_LASTS == 0 or not self.pool:
            self.pool = self.hosts.observer("all_addresses")
        others = [address for address in self.pool if address not in set(touched)]
        others = chance.sample(others, min(OTHERS, len(others)))
        self.readers.addresses = [address for address in touched + others if "/suggest/" not in address]
        background = {self.hosts.process(name) for name in ("db_worker", "scheduler")}
        if plan["kind"] == "schedule":
            # It waits for the scheduler.
            background = {self.hosts.process("db_worker")}
        lasting = {self.hosts.process("scheduler")} if plan["kind"] == "expire_without_scheduler" else set()
        with self.stopped(lasting):
            with self.stopped(background - lasting):
                returned = self.do(number, plan)
            if returned:
                self.compare(number, plan, touched + others, returned)

    @contextmanager
    def stopped(self, processes):
        """Stop background processes where they stand: not while one writes, or tells its host of it, or has yet to."""
        while processes:
            signal_all(processes, signal.SIGSTOP)
            is_idle = self.hosts.actor("is_writable") and not self.hosts.is_being_told()
            if is_idle and self.hosts.known_number() == self.hosts.observer("number"):
                break
            signal_all(processes, signal.SIGCONT)
            time.sleep(0.1)
        try:
            yield
        finally:
            signal_all(processes, signal.SIGCONT)

    def do(self, number, plan):
        """Return when the act returned, or None where it could not be done."""
        before = self.hosts.observer("number")
        try:
            if plan["way"] == "admin":
                getattr(admin_acts, plan["kind"])(self.editor, **plan["given"])
            else:
                self.hosts.actor(plan["kind"], **plan["given"])
        except (AssertionError, RuntimeError) as error:
            self.state.failed.append(f"{number} {plan['way']} {plan['kind']} {plan['given']}: {error}")
            return None
        name = f"{plan['kind']} ({plan['way']})"
        self.state.counts[name] = self.state.counts.get(name, 0) + 1
        returned = time.monotonic()
        # The scheduler's commit is seen before the scheduler can tell its host.
        deadline = returned + (SECOND_HOST_SECONDS if plan["kind"] == "schedule" else 0)
        if not self.is_known(before, deadline):
            act = f"act {number} {plan['way']} {plan['kind']}"
            self.state.differences.append(f"{act}: returned before its host knew of it")
        return returned

    def is_known(self, before, deadline):
        """Return whether the first host knows, by a moment of the monotonic clock, that the number has moved."""
        while self.hosts.known_number() == before:
            if self.hosts.observer("number") == before:
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def compare(self, number, plan, known, returned):
        differences = self.comparison.check(known, returned)
        after = [one for one in self.hosts.observer("touched", plan["touches"]) if one not in set(known)]
        if after:
            differences += self.comparison.check(after, returned)
        for found in differences:
            self.state.differences.append(f"act {number} {plan['way']} {plan['kind']} {plan['given']}: {found}")
            name = f"{number}-{len(self.state.differences)}"
            (self.folder / f"{name}-seen").write_bytes(found.body)
            (self.folder / f"{name}-fresh").write_text(found.fresh_body)

    def note(self, number, seconds, path):
        state, comparison = self.state, self.comparison
        state.number = number
        state.seconds += seconds
        state.responses += comparison.responses
        state.of_readers += comparison.of_readers
        state.repeated += comparison.repeated
        state.read += self.readers.count
        state.longest = max(state.longest, comparison.longest)
        comparison.responses = comparison.of_readers = comparison.repeated = self.readers.count = 0
        state.keep(path)


def signal_all(processes, number):
    for process in processes:
        os.kill(process, number)


def progress(state, acts):
    done = round(BAR * state.number / acts)
    rate = state.number / state.seconds
    line = f"[{'#' * done}{'.' * (BAR - done)}] {state.number:,}/{acts:,} acts, {rate:.2f}/s"
    end = "\r" if sys.stderr.isatty() and state.number < acts else "\n"
    if end == "\r" or state.number % max(1, acts // 20) == 0:
        print(f"{line}, {len(state.differences)} differences", end=end, file=sys.stderr, flush=True)


def report(state):
    """Return what a run found, as text."""
    counts = sorted(Counter(state.counts).items())
    lines = [
        f"{state.number:,} acts with SEED={state.seed} in {state.seconds:,.0f} s; {len(state.failed)} not done",
        f"{state.responses:,} answers compared, and {state.of_readers:,} of the {state.read:,} that readers got",
        f"{state.repeated:,} comparisons again, as background work had changed something",
        f"the second host was behind for {state.longest:.2f} s at most",
        f"{len(state.differences)} differences",
        *(f"  {line}" for line in state.differences),
        *(f"  not done: {line}" for line in state.failed[:20]),
        "acts: " + ", ".join(f"{name} {count:,}" for name, count in counts),
    ]
    return "\n".join(lines)


def path_of(name):
    """Return where the state of a run is kept between its parts."""
    return Path(__file__).resolve().parents[2] / ".soak" / f"{name}.json"
