"""The whole of `make bench` runs, on a small archive: every comparison, the document and its chart."""

import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests.bench.measuring import Comparison, in_turn
from tests.bench.servers import missing
from tests.run import ROOT


@pytest.mark.processes
@pytest.mark.timeout(900)
def test_every_comparison_is_made_printed_and_written(tmp_path):
    env = os.environ | {"BENCH_QUICK": "1", "BENCH_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "tests.bench"]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    # 1 is said where a target is missed, as these few requests may.
    assert run.returncode in (0, 1), run.stderr
    assert "Traceback" not in run.stderr, run.stderr
    written = (tmp_path / "performance.md").read_text()
    for words in (
        "of an uncached page, 40 articles",
        "as the archive grows",
        "Publishing one article",
        "A cached article",
    ):
        assert f"\n== {words}" in run.stdout or words in run.stdout
        assert words in written
    ratios = {line.split("|")[1].strip(): line.split("|")[4].strip() for line in written.splitlines() if "|" in line}
    # A plain page takes several times as long; half of that is no matter of luck.
    assert float(ratios["article"]) > 2
    assert float(ratios["processor time in the application"]) < 0.5
    if not missing():
        chart = ElementTree.parse(tmp_path / "pictures" / "performance.svg").getroot()  # noqa: S314 - our own
        assert "plain Wagtail" in "".join(chart.itertext())


def test_a_ratio_is_that_of_the_best_rounds_and_is_held_to_its_target():
    compared = Comparison("x", [4.0, 2.0, 3.0], [1.0, 2.0, 1.5], at_most=1.9)
    assert compared.ratio == 2.0
    assert compared.spread == (1.0, 2.0, 4.0)
    assert not compared.is_met
    rates = Comparison("y", [40.0, 50.0], [100.0, 80.0], at_least=0.5, more_is_better=True)
    assert rates.ratio == 0.5
    assert rates.is_met
    assert not Comparison("z", [1.0], [3.0], at_least=0.5).is_met


def test_every_other_round_goes_the_other_way():
    order = []
    in_turn({name: lambda name=name: order.append(name) for name in "ab"}, 3)
    assert "".join(order) == "abbaab"
