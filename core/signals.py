"""What follows from saving an image."""

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from core import pictures
from core.models import Image


@receiver(post_save, sender=Image)
def image_saved(sender, instance, raw=False, **kwargs):
    """Make the picture's sizes when its file or focal point is new."""
    if raw or not instance.file or pictures.is_complete(instance, pictures.fallback_specs()):
        return
    at_once = getattr(instance, "make_pictures_at_once", True)
    transaction.on_commit(lambda: pictures.prepare(instance, at_once))
