"""The command that starts the web server: what it cannot do, it says and ends."""

import socket
import subprocess
import sys

import pytest

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
