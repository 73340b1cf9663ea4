"""The command that starts the web server: what it cannot do, it says and ends."""

import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from portal.management.commands import serve
from tests.running import ROOT, free_port


def started(*arguments):
    """Return how the web server ended, and what it said."""
    command = [sys.executable, "-m", "portal.web_server", "--port", str(free_port()), *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("application", "said"),
    [
        ("tests.nowhere:application", "tests.nowhere"),
        ("tests.cannot_load:application", "This cannot be loaded"),
        ("tests.ends_slowly:application", "This ends slowly"),
    ],
)
def test_an_application_that_cannot_be_loaded_ends_it(application, said, workers):
    code, text = started("--workers", workers, application)
    assert code > 0
    assert said in text


@pytest.mark.parametrize("port", ["99999", "taken"])
def test_an_address_that_cannot_be_had_is_named(port):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1]) if port == "taken" else port
        code, text = started("--port", port)
    assert code == 1
    assert text.startswith(f"Nothing can listen on 127.0.0.1 port {port}: ")
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("--port=abc", "--port: invalid int value: 'abc'"),
        ("--port=99999", "--port must be from 1 to 65535"),
        ("--workers=abc", "--workers: invalid int value: 'abc'"),
    ],
)
def test_the_site_is_not_started_on_what_makes_no_sense(argument, said, monkeypatch):
    monkeypatch.setattr(serve, "only_one", lambda: pytest.fail("It begins to start"))
    with pytest.raises(CommandError, match=said):
        call_command("serve", argument)
