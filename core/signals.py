"""What follows from saving something: the sizes of a picture, the text of a document, the title cards of pages."""

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import PageViewRestriction

from core import extraction, pictures, title_cards
from core.models import BasePage, Document, Furniture, Image
from delivery.signals import began_with, is_draft_only


@receiver(post_save, sender=Image)
def image_saved(sender, instance, raw=False, **kwargs):
    """Make the picture's sizes when its file or focal point is new; take them away when its rights have ended."""
    if raw or not instance.file:
        return
    if not instance.rights_last:
        transaction.on_commit(lambda: pictures.withdraw(instance))
        if instance.pictures:
            transaction.on_commit(title_cards.complete.enqueue)
        return
    if pictures.is_complete(instance, pictures.fallback_specs()):
        return
    at_once = getattr(instance, "make_pictures_at_once", True)
    transaction.on_commit(lambda: pictures.prepare(instance, at_once))
    if Furniture.objects.filter(logo=instance).exists():
        transaction.on_commit(title_cards.complete.enqueue)


@receiver(post_save, sender=Document)
def document_saved(sender, instance, raw=False, **kwargs):
    """Read the file when it is new."""
    if not raw and instance.file and instance.extracted_from != instance.file_hash:
        transaction.on_commit(lambda: extraction.read.enqueue(instance.pk))


@receiver(post_save)
def page_saved(sender, instance, update_fields=None, raw=False, **kwargs):
    """Draw the title of a live page that has no picture, whoever made it live."""
    if raw or not isinstance(instance, BasePage) or not instance.live or is_draft_only(instance, update_fields):
        return
    # A card that is no longer needed is put away by the same task.
    if instance.title_card or not title_cards.has_picture(instance):
        transaction.on_commit(lambda: title_cards.make.enqueue([instance.pk]))


@receiver(post_save, sender=Furniture)
def furniture_saved(sender, instance, update_fields=None, raw=False, **kwargs):
    """The organisation's name and logo stand on every card."""
    if not raw and instance.live and not is_draft_only(instance, update_fields):
        transaction.on_commit(title_cards.complete.enqueue)


@receiver(post_save, sender=PageViewRestriction)
def restriction_saved(sender, instance, raw=False, **kwargs):
    """What is private from now on has no picture that everybody could see."""
    if not raw:
        transaction.on_commit(title_cards.complete.enqueue)


@receiver(post_delete, sender=PageViewRestriction)
def restriction_lifted(sender, instance, origin=None, **kwargs):
    if began_with(PageViewRestriction, origin):
        transaction.on_commit(title_cards.complete.enqueue)
