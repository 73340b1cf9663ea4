"""The application that web servers load."""

import os
import subprocess
import sys

from tests.running import ROOT

LOAD = "import gc, portal.wsgi; print(gc.get_freeze_count())"


def test_what_is_loaded_is_not_looked_through_by_the_garbage_collector():
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    said = subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert int(said.stdout) > 100_000
