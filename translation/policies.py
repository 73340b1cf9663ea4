"""What a language does with pages that are not translated into it, and the aliases that this asks for."""

import logging
import time
from functools import partial

from django.db import transaction
from django.db.models import F
from django_tasks import task
from wagtail.models import Locale, Page

from delivery import sites
from delivery.generation import per_generation
from translation.freshness import default_locale_id
from translation.models import LanguagePolicy

logger = logging.getLogger("portal.translation")
ALIAS = LanguagePolicy.Untranslated.ALIAS
# A task gives way to others after so long, and goes on in the next.
TURN_SECONDS = 5


@per_generation
def by_locale():
    """Return {locale id: alias, notice or hide} for the languages that somebody decided about."""
    return dict(LanguagePolicy.objects.values_list("locale_id", "untranslated"))


def wants_aliases():
    """Return the ids of the locales that show untranslated pages as aliases."""
    return [pk for pk, policy in by_locale().items() if policy == ALIAS and pk != default_locale_id()]


def page_went_live(page):
    """Make the aliases of a page that was published, whichever way it came to be."""
    if page.locale_id == default_locale_id() and not page.alias_of_id and wants_aliases():
        keep_aliases_soon()


def keep_aliases_soon():
    """Have the aliases looked after once the present change is in the database."""
    transaction.on_commit(keep_aliases.enqueue)


def page_goes(page):
    """Have an alias come in the place of a language's own page that is deleted.

    What goes with the section that it stands in asks for nothing: the section does.
    """
    above = page.path[: -page.steplen]
    if not page.alias_of_id and page.locale_id in wants_aliases():
        transaction.on_commit(lambda: Page.objects.filter(path=above).exists() and keep_aliases.enqueue())


def privacy_changed():
    """Aliases come and go with the privacy of their sources."""
    if wants_aliases():
        keep_aliases_soon()


@task()
def keep_aliases():
    """Make the aliases that are missing and remove those that nobody wants, a page at a time (background task)."""
    deadline = time.monotonic() + TURN_SECONDS
    done = 0
    for step in _steps():
        try:
            with transaction.atomic():
                done += step()
        except Exception:
            # One page that cannot be shown holds up no other.
            logger.exception("An alias could not be looked after")
        if done and time.monotonic() > deadline:
            keep_aliases.enqueue()
            return


def _steps():
    """Yield what is to do, as functions that return whether they did anything."""
    wanted = wants_aliases()
    aliases = Page.objects.filter(alias_of__isnull=False).exclude(alias_of__locale_id=F("locale_id"))
    for pk, locale_id, source in aliases.order_by("-depth", "pk").values_list("pk", "locale_id", "alias_of__path"):
        # An alias does not inherit the privacy of the section that its source stands in.
        if locale_id not in wanted or not sites.is_public(source):
            yield partial(_remove_alias, pk)
    # Below no front page, nothing can be shown.
    begun = {edition.locale_id for edition in sites.editions().values()}
    for locale in Locale.objects.filter(pk__in=begun.intersection(wanted)):
        for pk in _without(locale).values_list("pk", flat=True):
            yield partial(_make_alias, pk, locale)


def _without(locale):
    """Return the live pages of the default language that do not exist in another, parents first."""
    there = Page.objects.filter(locale=locale).values("translation_key")
    pages = Page.objects.filter(locale_id=default_locale_id(), live=True, alias_of=None, depth__gt=2)
    return pages.exclude(translation_key__in=there).order_by("path")


def _remove_alias(page_id):
    """Remove an alias, unless translations stand below it."""
    page = Page.objects.filter(pk=page_id).first()
    if page is None or page.get_descendants().filter(alias_of=None).exists():
        return False
    page.delete()
    return True


def _make_alias(page_id, locale):
    """Show a page in another language's tree below its parent's version there; leave it where that is missing."""
    page = Page.objects.filter(pk=page_id, live=True).first()
    there = Page.objects.filter(locale=locale)
    if page is None or not sites.is_public(page.path) or there.filter(translation_key=page.translation_key).exists():
        return False
    if not there.filter(translation_key=page.get_parent().translation_key).exists():
        return False
    page.specific.copy_for_translation(locale, alias=True)
    return True
