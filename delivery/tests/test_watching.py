"""Each process looks whether something changed, whether it was started or forked, and one fault ends nothing."""

import json
import subprocess
import sys
from itertools import pairwise

import pytest

from delivery.watching import EVERY_SECONDS
from tests.running import ROOT

CODE = """
import os, threading, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from delivery.watching import Watcher

def fails():
    raise RuntimeError("an invented fault")

looks = []
watcher = Watcher(fails, lambda: looks.append(time.monotonic()))
for _request in range(3):
    watcher.ensure()
if {waits}:
    time.sleep(0.1)
child = os.fork()
if not child:
    looks.clear()
watcher.ensure()
assert threading.active_count() == 2
while len(looks) < 4:
    time.sleep(0.05)
os.write(1, f"{looks[:4]}\\n".encode())
if child:
    os.waitpid(child, 0)
os._exit(0)
"""


@pytest.mark.parametrize("waits", [False, True])
def test_a_process_looks_twice_a_second_and_so_does_one_that_was_forked(waits):
    code = CODE.replace("{waits}", str(waits))
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    looks = [json.loads(line) for line in said.stdout.splitlines()]
    assert len(looks) == 2
    for moments in looks:
        gaps = [after - before for before, after in pairwise(moments)]
        assert EVERY_SECONDS <= min(gaps) < EVERY_SECONDS + 0.2, gaps
    # Once in each process.
    assert said.stderr.count("RuntimeError: an invented fault") == 2
