"""When the listing must follow without an article being saved."""

from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, post_page_move

from delivery import sites
from delivery.portions import portions
from delivery.signals import began_with, is_draft_only
from news.models import ArticleListing, ArticlePage, Author, ListingTerm, Topic, listing

AT_ONCE = 500


@receiver(page_published, sender=ArticlePage)
def article_published(sender, instance, **kwargs):
    listing.refresh([instance])


@receiver(post_save, sender=Page)
def plain_page_saved(sender, instance, update_fields=None, raw=False, **kwargs):
    """Wagtail's scheduled expiry saves the plain page, past ``ArticlePage.save``.

    Its signal ``page_unpublished`` would not do: Wagtail also sends it in the middle of a deletion, with the page
    still live in the database, and the rows written then would outlive the page.
    """
    if not raw and not is_draft_only(instance, update_fields):
        listing.refresh(ArticlePage.objects.filter(pk=instance.pk))


@receiver(post_page_move)
def page_moved(sender, instance, **kwargs):
    """A moved article may have another index; a moved section may come under a restriction."""
    refresh_below(instance)


@receiver(post_save, sender=PageViewRestriction)
def restriction_changed(sender, instance, **kwargs):
    """Lists show nothing that is not open to everybody: a section of any size leaves them in one step."""
    for path in sites.paths_with_aliases(Page.objects.filter(pk=instance.page_id).values_list("pk", "path")):
        ArticleListing.objects.filter(page__path__startswith=path).delete()


@receiver(post_delete, sender=PageViewRestriction)
def restriction_lifted(sender, instance, origin=None, **kwargs):
    """Lifted by somebody; deleted along with its page, it must not bring the page's rows back."""
    if began_with(PageViewRestriction, origin):
        refresh_below(instance.page)


@receiver(post_delete, sender=Topic)
@receiver(post_delete, sender=Author)
def term_deleted(sender, instance, **kwargs):
    """The last translation of a topic or author takes its lists with it."""
    if not sender.objects.filter(translation_key=instance.translation_key).exists():
        ListingTerm.objects.filter(key=instance.translation_key).delete()


def refresh_below(page):
    """Refresh the rows of all articles at or below a page, and of their aliases."""
    path = Page.objects.filter(pk=page.pk).values_list("path", flat=True).first()
    if path:
        below = Q(path__startswith=path) | Q(alias_of__path__startswith=path)
        articles = ArticlePage.objects.filter(below).select_related("kind", "alias_of").defer_streamfields()
        for some in portions(articles, AT_ONCE):
            listing.refresh(some)
