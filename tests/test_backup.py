"""The backup of PostgreSQL that the operations guide describes brings back what was, and nothing of what came since."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="is for PostgreSQL"),
    pytest.mark.skipif(not shutil.which("pg_restore"), reason="not installed (Debian: postgresql-client)"),
]
ROOT = Path(__file__).resolve().parents[1]
# Stands for "portal", the database and the user of the service, who is no superuser.
NAME = "portal_of_the_guide"
# The same words, without the users of a machine: who the database is asked as is all that is left of them.
AS_USER = 'set -e; runuser() { as="$2"; shift 3; test "$as" = postgres && as=$SUPERUSER; PGUSER=$as "$@"; };'


def guide(*beginnings):
    """Return the commands of the guide's chapter on backups that begin so, in their order there."""
    chapter = (ROOT / "docs/operations.md").read_text().partition("\n## Backup")[2].partition("\n## ")[0]
    found = re.findall(rf"^runuser -u \w+ -- (?:{'|'.join(beginnings)}) .*$", chapter, re.MULTILINE)
    assert len(found) == len(beginnings)
    return found


@pytest.fixture
def run(tmp_path):
    """A function that runs commands of the guide on the server of the tests."""
    server = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGPASSWORD": "PASSWORD", "SUPERUSER": "USER"}
    given = {name: str(server[key] or "") for name, key in names.items()} | {"PGDATABASE": "postgres"}

    def run(commands):
        words = "\n".join(commands).replace("/srv/backup/portal.dump", "dump")
        words = re.sub(r"\bportal(?=_before\b|\b)", NAME, words)
        command, env = ["sh", "-c", f"{AS_USER}\n{words}"], os.environ | given
        done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def clear():
        run([f"runuser -u postgres -- dropdb --if-exists {name}" for name in ("portal", "portal_before")])
        run(["runuser -u postgres -- dropuser --if-exists portal"])

    clear()
    yield run
    clear()


@pytest.fixture
def service(run):
    """Where the service finds its database, which is as the migrations make it."""
    server = connection.settings_dict
    tests = f"runuser -u postgres -- pg_dump --format=custom {server['NAME']}"
    run(
        [
            "runuser -u postgres -- createuser portal",
            *guide("createdb"),
            f"{tests} | runuser -u portal -- pg_restore --exit-on-error --no-owner --dbname=portal",
        ]
    )
    return f"postgres://{NAME}:{quote(server['PASSWORD'] or 'x')}@{server['HOST']}:{server['PORT']}/{NAME}"


def test_restore_leaves_nothing_that_is_newer_than_the_backup(run, service, tmp_path):
    run(guide("pg_dump"))
    with psycopg.connect(service) as at:
        before = at.execute("SELECT id, language_code FROM wagtailcore_locale").fetchall()
        at.execute("CREATE TABLE newer (person bigint REFERENCES core_user)")
        at.execute("INSERT INTO wagtailcore_locale (language_code) VALUES ('xx')")
    run(guide("psql", "createdb", "pg_restore"))
    with psycopg.connect(service) as at:
        assert at.execute("SELECT id, language_code FROM wagtailcore_locale").fetchall() == before
        assert at.execute("SELECT to_regclass('newer')").fetchone() == (None,)
        owners = at.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert owners == [(NAME,)]
    given = {"DATABASE_URL": service, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "migrate", "--check"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
