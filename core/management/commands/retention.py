"""Erase what is older than its period."""

from django.core.management import BaseCommand

from core import privacy


class Command(BaseCommand):
    help = "Erase what is stored about people and is older than its period; the scheduler does it once a day."

    def handle(self, *args, **options):
        for name, number in privacy.expire_all().items():
            self.stdout.write(f"{name}: {number}")
