"""What `prepare` makes ready, and when it leaves it alone."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from wagtail.models import Locale, Site

from delivery.storage import HashedStaticFiles
from portal import site
from portal.management.commands import prepare


@pytest.fixture
def collected(settings, tmp_path, monkeypatch):
    """Return a function that collects two small files as `prepare` does, and says whether there was anything to do."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("b {}")
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = configured.STORAGES | {"staticfiles": {"BACKEND": "delivery.storage.HashedStaticFiles"}}
    done = []

    def recorded(*args, **options):
        done.append(args)
        call_command(*args, **options)

    monkeypatch.setattr(prepare, "call_command", recorded)

    def collect():
        done.clear()
        prepare.Command().collect_static()
        assert HashedStaticFiles().stored_name("a.css") != "a.css"
        return bool(done)

    return collect


def test_static_files_are_collected_when_they_changed_or_are_gone(collected, tmp_path):
    assert collected()
    assert not collected()
    (tmp_path / "source/a.css").write_text("i {}")
    assert collected()
    (tmp_path / "static/staticfiles.json").unlink()
    assert collected()
    assert not collected()


def test_an_own_static_file_comes_before_portals_however_old_it_is_and_goes_again(collected, settings, tmp_path):
    assert collected()
    portals = HashedStaticFiles().stored_name("a.css")
    own = tmp_path / "look/static"
    own.mkdir(parents=True)
    (own / "a.css").write_text("q {}")
    os.utime(own / "a.css", (1e9, 1e9))
    source = settings.STATICFILES_DIRS
    settings.STATICFILES_DIRS = [own, *source]
    assert collected()
    stored = HashedStaticFiles().stored_name("a.css")
    assert (settings.STATIC_ROOT / stored).read_text() == "q {}"
    settings.STATICFILES_DIRS = source
    assert collected()
    assert HashedStaticFiles().stored_name("a.css") == portals


def test_what_is_in_the_folder_look_comes_before_portals_own(tmp_path):
    code = """
import django; django.setup()
from core import tokens
from django.contrib.staticfiles import finders
from django.core.checks import run_checks
from django.template.loader import get_template
print(tokens.colours()["accent"], finders.find("portal/mark.svg"), get_template("404.html").origin, run_checks())
"""
    given = {"VAR_DIR": str(tmp_path), "SECRET_KEY": "x", "ALLOWED_HOSTS": "news.example"}
    environment = os.environ | given | {"DJANGO_SETTINGS_MODULE": "portal.settings"}

    def asked():
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=configured.BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    portals = str(configured.BASE_DIR)
    accent, mark, template, *troubles = asked()
    assert accent != "#a00000" and mark.startswith(portals) and template.startswith(portals) and troubles == ["[]"]
    look = tmp_path / "look"
    (look / "static/portal").mkdir(parents=True)
    (look / "templates").mkdir()
    (look / "static/portal/tokens.css").write_text(
        (configured.BASE_DIR / "static/portal/tokens.css").read_text().replace(accent, "#a00000")
    )
    (look / "static/portal/mark.svg").write_text("<svg/>")
    (look / "templates/404.html").write_text("Nothing")
    assert asked() == ["#a00000", f"{look}/static/portal/mark.svg", f"{look}/templates/404.html", "[]"]


@pytest.mark.django_db
def test_who_is_given_an_admin_account_is_told_where_its_password_is_kept(settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    prepare.Command().ensure_admin()
    assert f"kept in {tmp_path}/admin.txt" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_first_language_can_become_one_that_has_its_front_page_and_no_other(settings):
    english = site.ensure()
    settings.LANGUAGES, settings.LANGUAGE_CODE = [("fr", "French"), ("en", "English")], "fr"
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES
    refused = pytest.raises(CommandError, match="begins with fr, but the front page of this site is in en")
    with refused:
        site.ensure()
    french = english.copy_for_translation(Locale.objects.create(language_code="fr"))
    with refused:
        site.ensure()
    french.get_latest_revision().publish()
    assert site.ensure() == french
    settings.LANGUAGE_CODE = "en"
    assert site.ensure() == english
    assert Site.objects.get().root_page.specific == english
