"""Whether the database has all that this version of the code brings; newer migrations in it are no fault."""

from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def is_migrated():
    """Return whether each migration that stands on the disk is recorded as done.

    By their names: to import them takes a second and memory that a web server needs for nothing else.

    Raises:
        django.db.DatabaseError: the database does not answer.
    """
    done = MigrationRecorder(connection).applied_migrations()
    return all((app.label, name) in done for app in apps.get_app_configs() for name in on_disk(app.label))


def on_disk(label):
    """Return the names of an app's migrations."""
    module, _is_set = MigrationLoader.migrations_module(label)
    spec = find_spec(module) if module else None
    # An empty folder counts as a package too, without a file of its own.
    folders = spec.submodule_search_locations if spec and spec.origin else None
    return [found.name for found in iter_modules(folders or []) if not found.ispkg and found.name[0] not in "_~"]
