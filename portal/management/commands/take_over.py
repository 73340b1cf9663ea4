"""Take a site over from SQLite into PostgreSQL, with all it has and under the same keys."""

from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from delivery import generation
from delivery.portions import portions
from news.models import ArticlePage
from portal import databases

FORMER = "former"
AT_ONCE = 500
# They differ between the two databases, and are made of what is copied.
INDEXES = frozenset({"search.models.index", "wagtail.search.models"})


class Command(BaseCommand):
    help = (
        "Copy all that a site has in an SQLite file into the PostgreSQL of DATABASE_URL, which is migrated and empty."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the file, such as var/portal.sqlite3; it stays as it is")
        parser.add_argument("--replace", action="store_true", help="even if there are accounts or articles: they go")

    def handle(self, *args, path, replace, **options):
        if connection.vendor != "postgresql":
            raise CommandError("DATABASE_URL must name the PostgreSQL database that takes the site over.")
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if not replace and (get_user_model().objects.exists() or ArticlePage.objects.exists()):
            raise CommandError("The database has accounts or articles of its own. With --replace they are removed.")
        connections.settings[FORMER] = connections.settings[DEFAULT_DB_ALIAS] | {
            "ENGINE": databases.SQLITE,
            "NAME": str(path),
            "OPTIONS": databases.SQLITE_OPTIONS,
        }
        if migrations(FORMER) != migrations(DEFAULT_DB_ALIAS):
            raise CommandError("The two are not of the same version: run `manage.py migrate` with each of them.")
        try:
            self.copy_all()
        except DatabaseError as error:
            # Such as a text that is too long, which SQLite keeps all the same.
            raise CommandError(f"Nothing was taken over. {error}") from error
        call_command("search_index", "rebuild", stdout=self.stdout)

    @transaction.atomic
    def copy_all(self):
        clear()
        models = [it for it in apps.get_models(include_auto_created=True) if it._meta.managed and not it._meta.proxy]
        for model in models:
            if model.__module__ not in INDEXES:
                self.stdout.write(f"{model._meta.db_table}: ", ending="")
                self.stdout.write(str(copy(model)))
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
        generation.bump()


def migrations(alias):
    """Return the names of the migrations that a database has been through."""
    return set(MigrationRecorder(connections[alias]).applied_migrations())


def clear():
    """Remove what the migrations and ``prepare`` made: content types and rights have other keys than in the file."""
    tables = set(connection.introspection.table_names()) - {MigrationRecorder.Migration._meta.db_table}
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), sorted(tables)):
            cursor.execute(statement)


def copy(model):
    """Copy the rows of a model's own table, and return how many; what they refer to may come later."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    number = 0
    for rows in portions(model._base_manager.using(FORMER), AT_ONCE):
        # As ``bulk_create`` does it, which refuses models with a parent.
        model._base_manager._insert(list(rows), fields=fields, using=DEFAULT_DB_ALIAS, raw=True)
        number += len(rows)
    return number
