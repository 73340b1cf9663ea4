"""Count what was searched for on this host, where no scheduler does it."""

from django.core.management import BaseCommand

from search import report


class Command(BaseCommand):
    help = "Count the searches that this host has written down; for hosts without the scheduler, which does it."

    def handle(self, *args, **options):
        number = report.count()
        if options["verbosity"] > 1:
            self.stdout.write(f"Lines counted: {number}")
