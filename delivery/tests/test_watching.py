"""Each process looks whether something changed, whether it was started or forked, and one fault ends nothing."""

import subprocess
import sys
from collections import Counter

import pytest

from tests.running import ROOT

CODE = """
import os, threading, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from delivery.watching import Watcher

def fails():
    raise RuntimeError("an invented fault")

watcher = Watcher(fails, lambda: os.write(1, f"{os.getpid()}\\n".encode()))
for _request in range(3):
    watcher.ensure()
if {waits}:
    time.sleep(0.1)
child = os.fork()
watcher.ensure()
assert threading.active_count() == 2
time.sleep(1.3)
if child:
    os.waitpid(child, 0)
os._exit(0)
"""


@pytest.mark.parametrize("waits", [False, True])
def test_a_process_looks_twice_a_second_and_so_does_one_that_was_forked(waits):
    code = CODE.replace("{waits}", str(waits))
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    looks = Counter(said.stdout.split())
    assert len(looks) == 2
    assert all(2 <= count <= 4 for count in looks.values()), looks
    # Once in each process.
    assert said.stderr.count("RuntimeError: an invented fault") == 2
