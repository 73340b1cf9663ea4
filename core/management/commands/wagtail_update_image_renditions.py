"""In place of Wagtail's own command, which deletes the files that ``Image.pictures`` lists."""

from django.core.management import BaseCommand

from core import pictures


class Command(BaseCommand):
    help = "Have the worker make again those sizes of images whose files are lost."

    def handle(self, *args, **options):
        number = sum(pictures.make_lost(image) for image in pictures.all_images())
        self.stdout.write(f"{number} files are lost. The worker makes them again.")
