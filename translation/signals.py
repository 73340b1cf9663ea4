"""When translations must be looked at: something goes live, moves, is withdrawn, restricted or deleted."""

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import DraftStateMixin, Page, PageViewRestriction, TranslatableMixin
from wagtail.signals import page_published, page_unpublished, post_page_move, published, unpublished
from wagtail_localize.models import StringTranslation, Translation

from core.models import Furniture
from delivery.signals import began_with
from translation import follow, freshness, memory, policies, publishing, sources, submission
from translation.models import LanguagePolicy, Review


@receiver(page_published)
@receiver(published)
def went_live(sender, instance, **kwargs):
    if isinstance(instance, Page) and kwargs.get("signal") is published:
        # Wagtail sends both of a page.
        return
    if not isinstance(instance, TranslatableMixin):
        return
    freshness.went_live(instance)
    sources.source_went_live(instance)
    translation = sources.translation_of(instance)
    if translation is not None:
        publishing.accept_if_done(translation, instance, kwargs.get("revision"))
    follow.facts_changed(instance)
    if isinstance(instance, Page):
        policies.page_went_live(instance)


@receiver(post_save)
def made_live_by_a_program(sender, instance, created, raw=False, **kwargs):
    """A page or snippet that is created live sends no signal of publishing."""
    is_version = isinstance(instance, TranslatableMixin) and isinstance(instance, DraftStateMixin)
    if created and not raw and is_version and instance.live and sender is not Page:
        freshness.went_live(instance)
        if isinstance(instance, Page):
            policies.page_went_live(instance)


@receiver(page_unpublished)
def page_withdrawn(sender, instance, **kwargs):
    """Wagtail sends this in the middle of a deletion too, with the page still live in the database."""
    if not instance.alias_of_id and Page.objects.filter(pk=instance.pk, live=False).exists():
        follow.withdrawn(instance)


@receiver(unpublished)
def snippet_withdrawn(sender, instance, **kwargs):
    """The furniture of a language is no information to take back: without it, its pages would lose their navigation."""
    if isinstance(instance, TranslatableMixin) and not isinstance(instance, (Page, Furniture)):
        follow.withdrawn(instance)


@receiver(post_page_move)
def page_moved(sender, instance, parent_page_before, parent_page_after, **kwargs):
    if parent_page_before.pk != parent_page_after.pk and not instance.alias_of_id:
        follow.moved(instance, parent_page_before)


@receiver(post_save, sender=PageViewRestriction)
def restriction_saved(sender, instance, **kwargs):
    follow.restricted(instance.page)
    policies.privacy_changed()


@receiver(m2m_changed, sender=PageViewRestriction.groups.through)
def restricted_groups_changed(sender, instance, action, **kwargs):
    if action.startswith("post_") and isinstance(instance, PageViewRestriction):
        follow.restricted(instance.page)


@receiver(post_delete, sender=PageViewRestriction)
def restriction_lifted(sender, instance, origin=None, **kwargs):
    """Lifted by somebody, not deleted along with its page."""
    if began_with(PageViewRestriction, origin):
        follow.restricted(instance.page)
        follow.uncover(instance.page, instance)
        policies.privacy_changed()


@receiver(pre_delete, sender=Page)
def page_goes(sender, instance, **kwargs):
    follow.deleted(instance)
    policies.page_goes(instance)


@receiver(post_delete)
def version_gone(sender, instance, **kwargs):
    if isinstance(instance, TranslatableMixin) and isinstance(instance, DraftStateMixin):
        freshness.forget(instance.translation_key, instance.locale_id)


@receiver(post_save)
def became_alias(sender, instance, created, raw=False, **kwargs):
    """An alias shows its source's own words, which are never older than themselves."""
    if isinstance(instance, Page) and instance.alias_of_id and not created and not raw:
        freshness.forget(instance.translation_key, instance.locale_id)


@receiver(pre_save, sender=Translation)
def translation_recorded(sender, instance, raw=False, **kwargs):
    """Two sources for one target would write over each other; wagtail-localize fails on every page that has them."""
    if instance.enabled and not raw:
        source = instance.source
        submission.refuse_second_source(source.object_id, source.locale_id, instance.target_locale_id)


@receiver(post_save, sender=Translation)
def translation_started_again(sender, instance, created, raw=False, **kwargs):
    """While it was stopped, nobody took the words of its source over."""
    if instance.enabled and not created and not raw:
        sources.refresh_soon(instance.source_id)


@receiver(post_save, sender=StringTranslation)
def sentence_translated(sender, instance, **kwargs):
    """What a person saves has been looked at; a title is shown in the explorer without its markup."""
    if not instance.has_error:
        Review.objects.filter(translation=instance).delete()
    if instance.context_id and instance.context.path == "title":
        memory.show_title(instance.context.object_id, instance.locale_id, instance.data)


@receiver([post_save, post_delete], sender=LanguagePolicy)
def policy_changed(sender, instance, **kwargs):
    policies.keep_aliases_soon()
