"""What stands in deploy/ fits the code and the operations guide."""

import configparser
import re
import subprocess
from pathlib import Path

import environ

from deploy import run
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


def test_a_value_in_single_quotes_is_the_same_for_sh_and_for_portal(tmp_path, monkeypatch):
    values = {
        "PORTAL_TEST_MAIL": "anymail://mailgun?api_key=a$b&sender_domain=news.example.org",
        "PORTAL_TEST_FROM": "Newsroom (press); <news@example.org>",
    }
    file = tmp_path / "portal.env"
    file.write_text("".join(f"{name}='{value}'\n" for name, value in values.items()))
    command = ["sh", "-c", f"set -a; . {file}; env"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {f"{name}={value}" for name, value in values.items()} <= set(said)
    for name in values:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    environ.Env.read_env(file)
    assert {name: environ.Env.ENVIRON[name] for name in values} == values
    assert run.read(file) == values


def test_what_the_guide_shows_for_the_file_of_settings_is_quoted_where_sh_needs_it():
    guide = (ROOT / "docs/operations.md").read_text()
    shown = re.findall(r"`((?:[A-Z_]+=)?'?[a-z+]+://[^`]*)`", guide)
    assert len(shown) > 15
    for value in shown:
        assert not re.search(r"[&;$() ]", value) or re.fullmatch(r"(?:[A-Z_]+=)?'[^']*'", value), value
