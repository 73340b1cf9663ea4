"""The acts as a command or another program does them: in a process of the first host that serves no readers."""

import random
import time
from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Revision
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from core.models import Document, Furniture, Image, Robots
from news.models import ArticleAuthor, ArticlePage, ArticleTopic, Author, Topic
from search.models import PromotedResult, SynonymGroup
from tests.factories import body_of
from tests.soak.content import paragraph
from tests.soak.locks import is_writable
from tests.soak.touching import TERMS
from translation import submission
from translation.models import LanguagePolicy
from translation.tests.pages import translate_all

# Called in the same process.
__all__ = ["is_writable"]
SOON_SECONDS = 1.5
# What goes live is on the site within five seconds.
LATEST_SECONDS = 5


def page_of(pk):
    return Page.objects.get(pk=pk).specific


def changed(page, title, text):
    page.title, page.body = title, body_of([paragraph(text)])
    return page


def edit(pk, title, text):
    changed(page_of(pk), title, text).save_revision().publish()


def edit_terms(pk, seed):
    chance = random.Random(seed)  # noqa: S311
    page = page_of(pk)
    topics = list(Topic.objects.filter(locale__language_code="en").order_by("pk"))
    authors = list(Author.objects.filter(locale__language_code="en").order_by("pk"))
    page.article_topics = [ArticleTopic(topic=topic, locale=page.locale) for topic in chance.sample(topics, 1)]
    page.article_authors = [ArticleAuthor(author=chance.choice(authors), locale=page.locale)]
    page.published_on = timezone.now() - timedelta(days=chance.randrange(300))
    page.is_unlisted = chance.random() < 0.2
    page.save_revision().publish()


def edit_draft(pk, title, text):
    changed(page_of(pk), title, text).save_revision()


def unpublish(pk):
    page_of(pk).unpublish()


def publish_again(pk, title, text):
    page = changed(page_of(pk), title, text)
    page.expire_at = page.go_live_at = None
    page.save_revision().publish()


def create(parent, slug, kind, title, text):
    index = page_of(parent)
    article = ArticlePage(title=title, slug=slug, summary=text, locale=index.locale, kind_id=kind)
    article.body = body_of([paragraph(text)])
    topic = Topic.objects.filter(locale__language_code="en").order_by("pk").first()
    article.article_topics = [ArticleTopic(topic=topic, locale=index.locale)]
    index.add_child(instance=article)


def delete(pk):
    page_of(pk).delete()


def move(pk, parent):
    page_of(pk).move(page_of(parent), "last-child")


def reorder(pk, position):
    page = page_of(pk)
    siblings = list(page.get_siblings(inclusive=False))
    if siblings:
        page.move(siblings[position % len(siblings)], "left")


def copy(pk, slug, parent):
    page_of(pk).copy(to=page_of(parent), update_attrs={"slug": slug, "title": slug}, keep_live=True)


def change_slug(pk, slug):
    page = page_of(pk)
    page.slug = slug
    page.save_revision().publish()


def alias(pk, slug):
    page = page_of(pk)
    page.create_alias(parent=page.get_ancestors().get(depth=2), update_slug=slug)


def delete_alias(pk):
    page_of(pk).delete()


def translated_alias(pk, language):
    page_of(pk).copy_for_translation(Locale.objects.get(language_code=language), copy_parents=True, alias=True)


def restrict(pk, kind):
    PageViewRestriction.objects.get_or_create(
        page=Page.objects.get(pk=pk), defaults={"restriction_type": kind, "password": "sesame"}
    )


restrict_section = restrict


def lift(pk):
    for restriction in PageViewRestriction.objects.filter(page_id=pk):
        restriction.delete()


def rename_term(family, pk, name):
    term = TERMS[family].objects.get(pk=pk)
    term.name = name
    term.save_revision().publish()


def term_comes_and_goes(family, pk):
    term = TERMS[family].objects.get(pk=pk)
    if term.live:
        term.unpublish()
    else:
        term.expire_at = None
        term.save_revision().publish()


def replace_image(pk, colour):
    image, data = Image.objects.get(pk=pk), BytesIO()
    Picture.new("RGB", (320, 240), tuple(colour)).save(data, "JPEG")
    image.file = ContentFile(data.getvalue(), name="replaced.jpg")
    image.save()


def image_rights(pk, ended, credit):
    image = Image.objects.get(pk=pk)
    image.rights_expire_on = timezone.localdate() - timedelta(days=1) if ended else None
    image.credit = credit
    image.save()


def document(pk, title):
    found = Document.objects.get(pk=pk)
    found.title, found.file = title, ContentFile(b"%PDF-1.4 " + title.encode(), name="again.pdf")
    found.save()


def furniture(pk, text, notice):
    found = Furniture.objects.get(pk=pk)
    found.footer_text, found.notice_title, found.notice_is_on = text, text, notice
    found.save_revision().publish()


def menu(pk, pages):
    found = Furniture.objects.get(pk=pk)
    found.header_links = [{"type": "link", "value": {"page": page, "url": "", "label": ""}} for page in pages]
    found.save()


def translate(pk, language, prefix):
    translation = submission.submit(page_of(pk), Locale.objects.get(language_code=language))
    if translation:
        translate_all(translation, f"{prefix} ")
        translation.save_target(publish=True)


def edit_translation(translation, segment, pk, text):
    found = Translation.objects.get(pk=translation)
    sentence = StringSegment.objects.get(pk=segment)
    StringTranslation.objects.update_or_create(
        translation_of=sentence.string,
        locale=found.target_locale,
        context=sentence.context,
        defaults={"data": text, "has_error": False, "field_error": ""},
    )
    found.save_target(publish=True)


def add_redirect(path, pk):
    Redirect.add_redirect(path, redirect_to=Page.objects.get(pk=pk), is_permanent=True)


def remove_redirect(pk):
    Redirect.objects.get(pk=pk).delete()


def restore(pk, revision):
    Revision.objects.get(pk=revision).publish()


def language_goes(pk):
    page_of(pk).unpublish()


def language_comes(pk, title, text):
    page = page_of(pk)
    page.title, page.expire_at = title, None
    page.save_revision().publish()


def language_policy(locale, policy):
    LanguagePolicy.objects.update_or_create(locale_id=locale, defaults={"untranslated": policy})


def add_synonyms(locale, words):
    SynonymGroup.objects.create(locale_id=locale, words=words)


def remove_synonyms(pk):
    SynonymGroup.objects.get(pk=pk).delete()


def add_promotion(locale, words, pk):
    PromotedResult.objects.create(locale_id=locale, queries=words, page_id=pk)


def remove_promotion(pk):
    PromotedResult.objects.get(pk=pk).delete()


def schedule(pk, title, text):
    """Let new words go live in a moment, and wait until they have."""
    page = changed(page_of(pk), title, text)
    page.go_live_at, page.expire_at = timezone.now() + timedelta(seconds=SOON_SECONDS), None
    page.save_revision().publish()
    deadline = time.monotonic() + SOON_SECONDS + LATEST_SECONDS
    while not Page.objects.filter(pk=pk, live=True, title=title).exists():
        assert time.monotonic() < deadline, "It did not go live in time"
        time.sleep(0.02)


def expire(pk):
    """Let a page end in a moment, and wait until that has come."""
    page = page_of(pk)
    page.expire_at = timezone.now() + timedelta(seconds=SOON_SECONDS)
    page.save_revision().publish()
    wait_for(page.expire_at)


def expire_without_scheduler(pk):
    """Let a page have ended already, while nobody does the ending."""
    page = page_of(pk)
    page.expire_at = timezone.now() - timedelta(seconds=1)
    page.save()


def expire_term(family, pk):
    term = TERMS[family].objects.get(pk=pk)
    term.expire_at = timezone.now() + timedelta(seconds=SOON_SECONDS)
    term.save_revision().publish()
    wait_for(term.expire_at)


def wait_for(moment):
    while timezone.now() <= moment:
        time.sleep(0.01)


def edit_front(pk, lead, title):
    home = page_of(pk)
    home.title, home.lead_story = title, Page.objects.get(pk=lead)
    home.save_revision().publish()


def edit_statement(pk, text):
    page = page_of(pk)
    page.introduction = f"<p>{text}</p>"
    page.save_revision().publish()


def robots(text):
    found = Robots.load()
    found.rules = text
    found.save()
