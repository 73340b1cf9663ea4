"""What `prepare` makes ready, and when it leaves it alone."""

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
