"""Hold back what a backup has as still to be mailed."""

from django.core.management import BaseCommand
from django.db import transaction

from core import mail
from newsletter import restoring


class Command(BaseCommand):
    help = "After a restore, before the start: let nothing be mailed that the backup has as still to be sent."

    @transaction.atomic
    def handle(self, *args, **options):
        scheduled, under_way, digests = restoring.hold_back()
        self.stdout.write(f"Scheduled issues that are drafts now: {scheduled}")
        self.stdout.write(f"Issues being sent that are stopped now: {under_way}")
        self.stdout.write(f"Digests that are off now: {digests}")
        self.stdout.write(f"Waiting mails that are given up: {mail.give_up_waiting()}")
