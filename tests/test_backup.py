"""PostgreSQL as the operations guide has it: a restore brings back what was and nothing newer, a move all there is."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from tests import migrated

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
MAKE = """
from django.contrib.auth import get_user_model
from tests.factories import body_of, every_block, make_article, make_site

site = make_site()
body = body_of(every_block(site))
article = make_article(site, "Harbour plan", topics=[site.topic], authors=[site.author], body=body)
article.save_revision().publish()
get_user_model().objects.create_superuser("editor", "editor@example.org", "x")
"""
SHOW = """
import json
from django.apps import apps
from wagtail.fields import StreamField

def shown(row, field):
    value = field.value_to_string(row)
    # PostgreSQL orders the keys of what is JSON.
    return json.dumps(json.loads(value) if isinstance(field, StreamField) else value, sort_keys=True, default=str)

for model in apps.get_models(include_auto_created=True):
    if model.__module__ not in ("search.models.index", "wagtail.search.models", "delivery.models"):
        for row in model._base_manager.order_by("pk"):
            print(model._meta.label, [shown(row, field) for field in model._meta.local_concrete_fields])
"""
LOOK = """
from django.test import Client
from news.models import ArticlePage, NewsIndexPage

client = Client()
for address in ("/", "/news/harbour-plan/", "/news/topics/policy/", "/search/?q=harbour"):
    answer = client.get(address)
    assert answer.status_code == 200 and "/news/harbour-plan/" in answer.text, address
assert client.login(username="editor", password="x")
article, index = ArticlePage.objects.get(slug="harbour-plan"), NewsIndexPage.objects.get(slug="news")
assert client.get(f"/admin/pages/{article.pk}/edit/").status_code == 200
index.add_child(instance=ArticlePage(title="New", summary="s", locale=index.locale, kind=article.kind))
"""
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
    done = manage(service, "migrate", "--check")
    assert done.returncode == 0, done.stderr


def manage(database, *arguments):
    given = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, check=False)


def said(database, *arguments):
    done = manage(database, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_postgresql_takes_a_site_over_from_sqlite_with_all_it_has(service, tmp_path):
    path = tmp_path / "portal.sqlite3"
    migrated.copy(path)
    former = f"sqlite:///{path}"
    said(former, "shell", "--no-imports", "--command", MAKE)
    before = said(former, "shell", "--no-imports", "--command", SHOW)
    said(service, "take_over", str(path))
    assert said(service, "shell", "--no-imports", "--command", SHOW) == before
    said(service, "shell", "--no-imports", "--command", LOOK)
    said(service, "search_index", "verify")
    refused = manage(service, "take_over", str(path))
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    said(service, "take_over", "--replace", str(path))
    assert said(service, "shell", "--no-imports", "--command", SHOW) == before
    # One row that PostgreSQL does not take, and all stays as it is.
    with closing(sqlite3.connect(path)) as at:
        at.execute("UPDATE core_user SET first_name = ?", ["x" * 200])
        at.commit()
    refused = manage(service, "take_over", "--replace", str(path))
    assert (refused.returncode, "Nothing was taken over" in refused.stderr) == (1, True)
    assert said(service, "shell", "--no-imports", "--command", SHOW) == before
