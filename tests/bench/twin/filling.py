"""The twin's site and articles, written one by one through the models."""

from datetime import timedelta
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Locale, Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from tests.bench import content
from tests.bench.twin.models import (
    ArticleKind,
    ArticlePage,
    Author,
    FooterText,
    HomePage,
    NavigationSettings,
    NewsIndexPage,
)


def build(count, progress):
    """Make the site with some articles.

    Args:
        count: how many articles.
        progress: called with the share that is done, 0 to 1.
    """
    news, parts = make_site()
    # The search is told at the end, of all at once.
    quiet = {"default": settings.WAGTAILSEARCH_BACKENDS["default"] | {"AUTO_UPDATE": False}}
    with override_settings(WAGTAILSEARCH_BACKENDS=quiet), disable_reference_index_auto_update(), transaction.atomic():
        add_articles(news, parts, count, progress)
    call_command("update_index", verbosity=0)
    call_command("rebuild_references_index", verbosity=0)


def add_articles(news, parts, count, progress):
    newest = timezone.now()
    ids = {}
    for number in range(count):
        article = make_article(number, newest - timedelta(hours=number), parts, ids)
        ids[number] = news.add_child(instance=article).pk
        progress(0.9 * number / count)
    fill_links(ids, parts)


def make_site():

    root = Page.get_first_root_node()
    root.get_children().delete()
    root.refresh_from_db()
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "cy", "ar")]
    home = root.add_child(instance=HomePage(title="Welcome", slug="home", locale=locales[0]))
    news = home.add_child(instance=NewsIndexPage(title="News", introduction="<p>All our news.</p>", show_in_menus=True))
    home.add_child(instance=NewsIndexPage(title="Contact", slug="contact", show_in_menus=True))
    for locale in locales[1:]:
        there = home.copy_for_translation(locale)
        there.save_revision().publish()
        news.copy_for_translation(locale).save_revision().publish()
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": "Twin"}
    )
    NavigationSettings.objects.create(
        organisation_name="Twin", phone="020 7946 0000", mastodon_url="https://example.org/@twin"
    )
    FooterText.objects.create(body="<p>Registered in England and Wales.</p>")
    parts = {
        "kind": ArticleKind.objects.create(name=content.KIND),
        "authors": [Author.objects.create(name=name) for name in content.AUTHORS],
        "images": [make_image(name, number) for number, name in enumerate(content.PICTURES)],
    }
    news.refresh_from_db()
    return news, parts


def make_image(name, number):

    data = BytesIO()
    Picture.new("RGB", content.PICTURE_SIZE, (40 * number, 92, 90)).save(data, "JPEG")
    return Image.objects.create(title=name, file=ContentFile(data.getvalue(), name=f"{name.lower()}.jpg"))


def make_article(number, moment, parts, ids):

    text = content.text(number)
    article = ArticlePage(
        title=text.title,
        slug=f"article-{number}",
        summary=text.summary,
        kind=parts["kind"],
        date=moment,
        lead_image=parts["images"][text.pictures[0]],
        body=body_of(text, number, ids, parts["images"]),
    )
    article.authors = [parts["authors"][text.author]]
    article.tags.add(*(content.TOPICS[place] for place in text.topics))
    return article


def body_of(text, number, ids, images):
    blocks = [("key_points", list(text.points))]
    figures = [images[place] for place in text.pictures[1:]] + [None] * content.SECTIONS
    for (heading, paragraphs), offset, figure in zip(text.sections, text.links, figures, strict=False):
        linked = ids.get((number + offset) % content.TEXTS, 0)
        blocks.append(("heading", heading))
        blocks.append(("paragraph", content.html(paragraphs, f'linktype="page" id="{linked}"')))
        if figure:
            blocks.append(("image", {"image": figure.pk, "caption": ""}))
    words, who = text.quotation
    blocks.append(("quote", {"text": words, "attribution": who}))
    return [{"type": kind, "value": value} for kind, value in blocks]


def fill_links(ids, parts):
    """Write the first articles once more: when they were made, those that they link to were not there."""

    for number in range(min(content.TEXTS, len(ids))):
        article = ArticlePage.objects.get(pk=ids[number])
        article.body = body_of(content.text(number), number, ids, parts["images"])
        article.save()
