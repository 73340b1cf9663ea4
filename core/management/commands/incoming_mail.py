"""Take one mail that came back to the site, from the standard input: a pipe of the mail server."""

import sys

from django.core.management import BaseCommand
from django.db import DatabaseError

from core import incoming

# Of sysexits.h: the mail server keeps the mail and tries again.
TRY_AGAIN = 75


class Command(BaseCommand):
    help = "Read one mail from the standard input: a report of a mail that came back, or the answer of a reader."

    def handle(self, *args, **options):
        data = sys.stdin.buffer.read(incoming.MOST_BYTES)
        # The rest is read too: a mail server takes a pipe that closes early for a fault.
        while sys.stdin.buffer.read(65_536):
            pass
        try:
            taken = incoming.take(data)
        except DatabaseError:
            self.stderr.write("The database cannot be reached now.")
            sys.exit(TRY_AGAIN)
        if options["verbosity"] > 1:
            self.stdout.write(taken)
