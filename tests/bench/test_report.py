"""What the benchmarks print and write says what was measured, and what missed its target."""

from xml.etree import ElementTree

import pytest

from tests.bench import report
from tests.bench.cases import Section
from tests.bench.chart import chart
from tests.bench.measuring import Comparison

RATES = {"Portal, cached": 20_000, "raw hello": 25_000, "plain <Wagtail>": 30}


@pytest.fixture
def sections():
    missed = Comparison("index", [0.030, 0.033], [0.010, 0.011], at_least=7)
    met = Comparison("article", [0.050, 0.060], [0.010, 0.010], at_least=4)
    return [Section("A page", "plain Wagtail", "Portal", [met, missed], ["In one process."], RATES)]


def test_the_document_has_every_ratio_its_spread_its_target_and_what_was_not_run(
    sections, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(report, "DOCUMENT", tmp_path / "performance.md")
    monkeypatch.setattr(report, "CHART", tmp_path / "pictures" / "performance.svg")
    report.show(sections[0])
    report.write(sections, ["Without wrk: the rates."])
    written = (tmp_path / "performance.md").read_text()
    assert "| article | 50.00 ms | 10.00 ms | 5.00 | 5.00 5.50 6.00 | ≥ 4 | met |" in written
    assert "| index | 30.00 ms | 10.00 ms | 3.00 | 3.00 3.00 3.00 | ≥ 7 | MISSED |" in written
    assert "- Without wrk: the rates." in written
    assert "In one process." in written
    assert (tmp_path / "pictures" / "performance.svg").exists()
    assert "MISSED" in capsys.readouterr().out
    assert report.missed(sections) == ["A page: index"]


def test_the_chart_has_a_bar_for_each_the_longest_first_and_ours_in_another_colour():
    drawn = ElementTree.fromstring(chart(RATES, "Requests & more"))  # noqa: S314 - our own
    bars = [node for node in drawn.iter() if node.tag.endswith("rect")]
    widths = [float(bar.get("width")) for bar in bars]
    assert len(bars) == len(RATES)
    assert widths == sorted(widths, reverse=True)
    assert [bar.get("class") for bar in bars] == ["bar", "ours", "bar"]
    assert "prefers-color-scheme: dark" in chart(RATES, "")
