"""Erase what is older than its period."""

from django.core.management import BaseCommand
from django.db import transaction

from core import privacy


class Command(BaseCommand):
    help = "Erase what is stored about people and is older than its period; the scheduler does it once a day."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="say how much would be erased, and erase nothing")

    def handle(self, *args, dry_run, **options):
        with transaction.atomic():
            expired = privacy.expire_all()
            transaction.set_rollback(dry_run)
        for name, number in expired.items():
            self.stdout.write(f"{name}: {number}")
