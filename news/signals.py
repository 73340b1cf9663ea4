"""When the listing must follow without an article being saved."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, post_page_move

from delivery.signals import is_draft_only
from news.models import ArticlePage, listing


@receiver(page_published, sender=ArticlePage)
def article_published(sender, instance, **kwargs):
    listing.refresh(instance)


@receiver(post_save, sender=Page)
def plain_page_saved(sender, instance, update_fields=None, raw=False, **kwargs):
    """Wagtail's scheduled expiry saves the plain page, past ``ArticlePage.save``.

    Its signal ``page_unpublished`` would not do: Wagtail also sends it in the middle of a deletion, with the page
    still live in the database, and the rows written then would outlive the page.
    """
    if not raw and not is_draft_only(instance, update_fields):
        for article in ArticlePage.objects.filter(pk=instance.pk):
            listing.refresh(article)


@receiver(post_page_move)
def page_moved(sender, instance, **kwargs):
    """A moved article may have another index; a moved section may come under a restriction."""
    refresh_below(instance)


@receiver([post_save, post_delete], sender=PageViewRestriction)
def restriction_changed(sender, instance, **kwargs):
    refresh_below(instance.page)


def refresh_below(page):
    """Refresh the rows of all articles at or below a page."""
    path = Page.objects.filter(pk=page.pk).values_list("path", flat=True).first()
    if path:
        for article in ArticlePage.objects.filter(path__startswith=path).iterator():
            listing.refresh(article)
