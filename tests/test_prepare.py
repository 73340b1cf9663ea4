"""What `prepare` makes ready, and when it leaves it alone."""

import pytest
from django.conf import settings as configured
from django.core.management import call_command

from delivery.storage import HashedStaticFiles
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
