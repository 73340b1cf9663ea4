"""Two or more things measured in turn, round after round, and the ratio of what came out."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median
from tempfile import TemporaryFile

from tests.run import ROOT


class Worker:
    """A ``tests.bench.worker`` with the application of a place; ends with the block that it is used in.

    Args:
        application: the WSGI application, as ``module:name``.
        env: the environment of its process.
    """

    def __init__(self, application, env):
        command = [sys.executable, "-m", "tests.bench.worker", application]
        self.log = TemporaryFile()  # noqa: SIM115 - open as long as the process
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log}
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, **pipes)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()
        self.log.close()

    def ask(self, act, **order):
        """Return the worker's answer to an order.

        Raises:
            RuntimeError: it ended without one.
        """
        self.process.stdin.write(json.dumps({"act": act, **order}).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise RuntimeError(f"The worker ended at {order}:\n{self.log.read().decode()[-3000:]}")
        return json.loads(line)

    def cost(self, path, times, headers=None):
        """Return the processor seconds of one request.

        Raises:
            RuntimeError: the answer was no page.
        """
        said = self.ask("request", path=path, times=times, headers=headers)
        if not said["status"].startswith("200"):
            raise RuntimeError(f"{path} was answered with {said['status']}")
        return said["cpu"]


@dataclass
class Comparison:
    """A ratio: what we took over what the other took, or the other way round, and what it should be.

    Attributes:
        name: what was measured.
        over, under: the figures of the rounds, in the same order; the ratio is that of the best of each.
        at_most, at_least: the target, or None.
        more_is_better: whether the best is the largest (requests in a second) or the smallest (seconds).
        shown: how a figure is written.
    """

    name: str
    over: list
    under: list
    at_most: float | None = None
    at_least: float | None = None
    more_is_better: bool = False
    shown: str = "{:.2f} ms"
    scale: float = 1000
    rounds: list = field(init=False)

    def __post_init__(self):
        self.rounds = [one / other for one, other in zip(self.over, self.under, strict=True)]

    @property
    def best(self):
        """The best figures of both, as they are written."""
        pick = max if self.more_is_better else min
        return tuple(self.shown.format(pick(figures) * self.scale) for figures in (self.over, self.under))

    @property
    def ratio(self):
        pick = max if self.more_is_better else min
        return pick(self.over) / pick(self.under)

    @property
    def spread(self):
        return min(self.rounds), median(self.rounds), max(self.rounds)

    @property
    def is_met(self):
        """Whether the target is met; True where there is none."""
        above = self.at_most is not None and self.ratio > self.at_most
        return not (above or (self.at_least is not None and self.ratio < self.at_least))


def in_turn(measures, rounds):
    """Return {name: figures of all rounds}, each measured once in every round.

    Args:
        measures: {name: function that returns a figure}.
        rounds: how many.
    """
    figures = {name: [] for name in measures}
    for number in range(rounds):
        # The other way round every second time: the machine warms up and slows down.
        for name in list(measures)[:: -1 if number % 2 else 1]:
            figures[name].append(measures[name]())
    return figures
