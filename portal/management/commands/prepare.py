"""Bring the database, the static files and the site to where this version needs them."""

import hashlib
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.management import BaseCommand, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal import catalogues, roles, site
from translation import freshness


class Command(BaseCommand):
    help = "Migrate, collect static files, and make the site, its groups and optionally its demo content. Repeatable."

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="load the demo content into an empty site")
        parser.add_argument("--admin", action="store_true", help="make an admin account where there is none")

    def handle(self, *args, demo=False, admin=False, **options):
        catalogues.compile_all()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database ...")
            call_command("migrate", verbosity=0, interactive=False)
        self.collect_static()
        home = site.ensure()
        if demo:
            from portal.demo import loader

            if loader.load(home, self.stdout):
                home.refresh_from_db()
        site.fill_empty(home)
        roles.ensure()
        freshness.adopt()
        if admin:
            self.ensure_admin()

    def collect_static(self):
        """Collect and compress the static files, if any changed since the last time or what was collected is gone."""
        mark = settings.VAR_DIR / "static.version"
        names = settings.STATIC_ROOT / ManifestFilesMixin.manifest_name
        version = self.static_version()
        if not names.exists() or not mark.exists() or mark.read_text() != version:
            self.stdout.write("Collecting and compressing static files ...")
            call_command("collectstatic", verbosity=0, interactive=False)
            mark.write_text(version)

    @staticmethod
    def static_version():
        digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
        for folder in settings.STATICFILES_DIRS:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    digest.update(f"{path}{path.stat().st_mtime_ns}".encode())
        return digest.hexdigest()

    def ensure_admin(self):
        users = get_user_model()
        note = settings.VAR_DIR / "admin.txt"
        if not users.objects.filter(is_superuser=True).exists():
            password = secrets.token_urlsafe(12)
            users.objects.create_superuser("admin", "admin@localhost.localdomain", password)
            note.touch(mode=0o600)
            note.write_text(f"Name: admin\nPassword: {password}\n")
        if note.exists():
            self.stdout.write(f"The admin account, until you change its password (kept in {note}):")
            self.stdout.write(note.read_text())
