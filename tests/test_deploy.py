"""What stands in deploy/ fits the code and the operations guide."""

import configparser
from pathlib import Path

from portal.management.commands import serve

ROOT = Path(__file__).resolve().parents[1]


def unit():
    """Return the [Service] part of the service file; of a name that stands twice, the last value."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(ROOT / "deploy/portal.service")
    return parser["Service"]


def test_the_service_waits_longer_than_stopping_takes():
    assert int(unit()["TimeoutStopSec"]) > serve.GRACE_SECONDS


def test_the_service_makes_the_folder_of_the_editors_socket():
    guide = (ROOT / "docs/operations.md").read_text()
    assert f"EDITORS_SOCKET=/run/{unit()['RuntimeDirectory']}/" in guide
