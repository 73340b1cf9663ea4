"""What stands in deploy/ fits the code and the operations guide."""

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import environ
import pytest

from deploy import run
from portal.management.commands import serve

ROOT = Path(__file__).resolve().parents[1]


def unit():
    """Return the [Service] part of the service file; of a name that stands twice, the last value."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(ROOT / "deploy/portal.service")
    return parser["Service"]


@pytest.fixture
def settle(tmp_path):
    """Return a function that does what `make run` does before it starts anything, in a process of its own.

    It returns the host, the port and what the settings make of the rest, or what they complain of.
    """
    code = (
        "import sys; sys.path.insert(0, '.'); from deploy import run; host, port = run.settle()\n"
        "from portal import settings; print(host, port, settings.PUBLIC_URL, settings.VAR_DIR)"
    )
    unset = ("HOST", "PORT", "ALLOW_HTTP", "SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "DJANGO_SETTINGS_MODULE")
    clean = {name: value for name, value in os.environ.items() if name not in unset}

    def settled(**given):
        env = {**clean, "VAR_DIR": str(tmp_path / "data"), **given}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        return done.stdout.split()[:3] or done.stderr

    return settled


def test_a_run_that_allowed_plain_http_starts_again_without_saying_so(settle):
    assert settle(ALLOW_HTTP="1", HOST="192.0.2.7") == ["192.0.2.7", "8000", "http://192.0.2.7:8000"]
    assert settle() == ["192.0.2.7", "8000", "http://192.0.2.7:8000"]


def test_what_is_not_given_is_as_in_the_file(settle):
    settle(ALLOW_HTTP="1", HOST="192.0.2.7", PORT="8080")
    assert settle(PORT="8001") == ["192.0.2.7", "8001", "http://192.0.2.7:8001"]
    assert settle(HOST="127.0.0.1") == ["127.0.0.1", "8080", "http://127.0.0.1:8080"]
    assert settle() == ["192.0.2.7", "8080", "http://192.0.2.7:8080"]


@pytest.mark.parametrize(("given", "said"), [({"HOST": "192.0.2.7"}, "plain http"), ({"PORT": "abc"}, "no address")])
def test_what_is_refused_is_not_kept(settle, given, said):
    refused = settle(**given)
    assert said in refused
    assert "Traceback" not in refused
    assert settle() == ["127.0.0.1", "8000", "http://127.0.0.1:8000"]


def test_a_file_without_it_takes_up_that_plain_http_is_allowed(settle, tmp_path):
    settle()
    file = tmp_path / "data/portal.env"
    file.write_text(file.read_text().replace("127.0.0.1", "192.0.2.7").rstrip())
    assert "plain http" in settle()
    before = run.read(file)
    expected = ["192.0.2.7", "8000", "http://192.0.2.7:8000"]
    assert settle(ALLOW_HTTP="1") == expected
    assert settle() == expected
    assert run.read(file) == before | {"ALLOW_HTTP": "1"}


def test_the_file_is_for_its_owner_alone(settle, tmp_path):
    settle()
    assert (tmp_path / "data/portal.env").stat().st_mode & 0o777 == 0o600


def test_an_address_of_ipv6_stands_in_brackets(settle, tmp_path):
    for given in ({"HOST": "::1"}, {}):
        assert settle(**given) == ["::1", "8000", "http://[::1]:8000"]
    assert run.read(tmp_path / "data/portal.env")["ALLOWED_HOSTS"] == "[::1],127.0.0.1,localhost"


def test_a_relative_folder_of_data_is_the_same_for_what_is_started_elsewhere(tmp_path, monkeypatch):
    for name in ("HOST", "PORT", "ALLOWED_HOSTS", "PUBLIC_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("VAR_DIR", "data")
    monkeypatch.chdir(tmp_path)
    run.settle()
    assert os.environ["VAR_DIR"] == str(tmp_path / "data")
    assert (tmp_path / "data/portal.env").exists()


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
