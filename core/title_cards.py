"""Title cards: the picture that a shared link shows where a page has none of its own, made before anybody shares it.

A card's file is named by a hash of everything that is drawn on it, and the page remembers that name. What a page would
be drawn with now is compared with it whenever the page is shown, so a card that says something old is never shown.
"""

import hashlib
import logging

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django_tasks import task
from PIL import Image as Picture
from wagtail.models import Page

from core import card_drawing, pictures
from core.models.files import Image
from core.models.furniture import furniture_for
from delivery import generation, sites

logger = logging.getLogger("portal.pictures")
FOLDER = "images/cards"
CARDS_PER_TASK = 50
# Behind mail and whatever else somebody waits for.
LAST = -50
LOGO_SPEC = "max-1200x560|format-png"


def name_of(page):
    """Return the name of the card that shows what a page says now: a hash of everything drawn, without a query."""
    furniture = furniture_for(page.language)
    logo = pictures.source_key(furniture.logo) if furniture.logo else ""
    drawn = (page.shared_title, furniture.words.organisation_name, logo, page.language)
    design = (card_drawing.DESIGN, card_drawing.JOINS_LETTERS, sorted(card_drawing.colours().items()))
    return hashlib.sha256(repr((drawn, design)).encode()).hexdigest()[:32]


def file_of(name):
    return f"{FOLDER}/{name}.png"


def url_of(page):
    """Return the full address of a page's card, or an empty string until there is one for what it says now."""
    if not page.title_card or page.title_card != name_of(page):
        return ""
    return sites.absolute(pictures.address(file_of(page.title_card)))


def has_picture(page, expired=()):
    """Return whether a page has a picture for shared links, whose rights have not run out.

    A front page never has: its lead story changes without it.

    Args:
        page: the page.
        expired: the ids of images that may no longer be shown.
    """
    image = page.social_image_id or getattr(page, "lead_image_id", None)
    return image is not None and image not in expired


def _wanted(page, expired):
    """Return the name of the card that a live page should have, or an empty string if it should have none.

    What stands behind a password gets none: the files are open to everybody.
    """
    is_wanted = not has_picture(page, expired) and sites.is_public(page.path)
    return name_of(page) if is_wanted else ""


def _expired_images():
    return set(Image.objects.filter(rights_expire_on__lt=pictures.today()).values_list("pk", flat=True))


def _page_types():
    return [model for model in apps.get_models() if issubclass(model, Page) and hasattr(model, "title_card")]


@task()
def make(page_ids):
    """Bring the cards of some pages up to date (background task); what fails is logged, and stays as it was."""
    expired = _expired_images()
    changed = []
    for page in Page.objects.filter(pk__in=page_ids, live=True).specific():
        try:
            wanted = _wanted(page, expired)
            if _draw(page, wanted):
                changed.append((page, wanted))
        except Exception:
            # Storages and pictures fail in as many ways as there are makes of them.
            logger.exception("The title card of page %s could not be made", page.pk)
    if changed:
        # Drawing takes long: readers see all of them, or none yet.
        with transaction.atomic():
            for page, wanted in changed:
                type(page).objects.filter(pk=page.pk).update(title_card=wanted)
            generation.bump()
    _remove_unused({page.title_card for page, _name in changed})


def _draw(page, wanted):
    """Make the card of a page; return whether there is anything new to remember of it."""
    is_stored = not wanted or default_storage.exists(file_of(wanted))
    if not is_stored:
        _store(page, wanted)
    return not is_stored or wanted != page.title_card


def _store(page, name):
    furniture = furniture_for(page.language)
    logo = _logo_picture(furniture.logo) if furniture.logo else None
    drawn = card_drawing.draw(page.shared_title, furniture.words.organisation_name, page.language, logo)
    stored = default_storage.save(file_of(name), ContentFile(drawn))
    if stored != file_of(name):
        # Another process was quicker; what it stored is the same.
        default_storage.delete(stored)


def _logo_picture(logo):
    """Return a logo as Pillow's picture, or None if its file is missing or broken."""
    try:
        with logo.get_rendition(LOGO_SPEC).file.open() as file:
            return Picture.open(file).convert("RGBA")
    except Exception:
        logger.exception("The logo could not be drawn on a title card")
        return None


def _remove_unused(names):
    """Remove the files of cards that no page remembers any more."""
    for model in _page_types():
        names = names - set(model.objects.filter(title_card__in=names).values_list("title_card", flat=True))
    for name in names - {""}:
        default_storage.delete(file_of(name))


@task(priority=LAST)
def complete():
    """Queue the making of every card that is missing or outdated, and remove the files that belong to no page."""
    if not card_drawing.JOINS_LETTERS:
        logger.warning(
            "Arabic titles are left off their cards: install FriBiDi (on Debian: libfribidi0) and start again"
        )
    stored = _stored_names()
    expired = _expired_images()
    kept, missing = set(), []
    for model in _page_types():
        for page in _live_pages(model):
            wanted = _wanted(page, expired)
            kept |= {wanted, page.title_card}
            if wanted != page.title_card or (wanted and wanted not in stored):
                missing.append(page.pk)
    for start in range(0, len(missing), CARDS_PER_TASK):
        make.using(priority=LAST).enqueue(missing[start : start + CARDS_PER_TASK])
    for name in stored - kept:
        default_storage.delete(file_of(name))


def _stored_names():
    try:
        return {name.removesuffix(".png") for name in default_storage.listdir(FOLDER)[1]}
    except FileNotFoundError:
        # There is no folder before the first card.
        return set()


def _live_pages(model):
    """Return the live pages of a type with what a card depends on, and without their bodies."""
    fields = ["title", "social_title", "social_image_id", "lead_image_id", "path", "locale_id", "title_card"]
    known = {field.attname for field in model._meta.concrete_fields}
    pages = model.objects.filter(live=True).select_related("alias_of")
    return pages.only(*(name for name in fields if name in known), "alias_of__locale_id").iterator()
