"""In place of Wagtail's own command, which deletes the files that ``Image.pictures`` lists."""

from django.core.management import BaseCommand

from core import pictures
from core.models import Image


class Command(BaseCommand):
    help = "Make every size of all images anew. Readers get the former ones until those of an image are there."

    def handle(self, *args, **options):
        failed = [image.pk for image in Image.objects.iterator() if not pictures.make_anew(image)]
        for pk in failed:
            self.stderr.write(f"The pictures of image {pk} could not be made: the former ones stay.")
        self.stdout.write("The rest, and AVIF, is made by the worker.")
