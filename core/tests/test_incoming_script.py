"""The pipe of the mail server: whatever is wrong with the site, the mail is kept and comes again."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings

SCRIPT = Path(settings.BASE_DIR, "deploy/incoming-mail")
MAIL = b"Subject: One\n\nWords\n"
# In place of Python: keeps the mail and what it was told, and ends as the test says.
PYTHON = '#!/bin/sh\ncat > got\necho "$* $SECRET_KEY $VAR_DIR" > told\nexit {status}\n'


@pytest.fixture
def installed(tmp_path):
    """A folder with the script, the settings and a site, whose Python ends with 0."""
    words = SCRIPT.read_text()
    for example in ("/etc/portal.env", "/var/lib/portal", "/opt/portal"):
        assert example in words
        words = words.replace(example, str(tmp_path / Path(example).name))
    (tmp_path / "incoming-mail").write_text(words)
    (tmp_path / "portal.env").write_text("SECRET_KEY=of-a-test\n")
    (tmp_path / "portal/.venv/bin").mkdir(parents=True)
    end_with(tmp_path, 0)
    return tmp_path


def end_with(folder, status):
    python = folder / "portal/.venv/bin/python"
    python.write_text(PYTHON.format(status=status))
    python.chmod(0o755)


def run(folder):
    command = ["/bin/sh", folder / "incoming-mail"]
    return subprocess.run(command, input=MAIL, capture_output=True, check=False).returncode


def test_mail_and_settings_reach_the_command(installed):
    assert run(installed) == 0
    assert (installed / "portal/got").read_bytes() == MAIL
    assert (installed / "portal/told").read_text() == f"manage.py incoming_mail of-a-test {installed / 'portal'}\n"


@pytest.mark.parametrize("status", [1, 2, 75, 137])
def test_command_that_fails_is_tried_again(installed, status):
    end_with(installed, status)
    assert run(installed) == 75


@pytest.mark.parametrize("missing", ["portal.env", "portal/.venv/bin/python"])
def test_site_that_is_not_all_there_is_tried_again(installed, missing):
    (installed / missing).unlink()
    assert run(installed) == 75
    assert not (installed / "portal/got").exists()


def test_settings_that_the_shell_cannot_read_are_tried_again(installed):
    (installed / "portal.env").write_text('SECRET_KEY="not closed\n')
    assert run(installed) == 75
    assert not (installed / "portal/got").exists()


def test_folder_that_is_gone_is_tried_again(installed):
    (installed / "portal").rename(installed / "elsewhere")
    assert run(installed) == 75
