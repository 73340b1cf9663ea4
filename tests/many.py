"""Tens of thousands of articles in seconds: rows written in bulk, as a tree that has grown has them."""

import uuid
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from delivery import generation
from news.models import ArticleListing, ArticlePage, ListingTerm
from tests.factories import make_article

BATCH = 5_000


def fill(site, count, progress=lambda done: None, language="en"):
    """Add live articles to the index of a language, one an hour back in time, with a topic, an author and a kind each.

    Args:
        site: what ``make_site`` returned.
        count: how many articles.
        progress: called with the number done so far.
        language: the code of the language.
    """
    model = make_article(site, "Article", language, slug="model", is_unlisted=True)
    index = site.news[language]
    index.refresh_from_db()
    for start in range(0, count, BATCH):
        _add(site, index, model, range(start, min(start + BATCH, count)))
        progress(min(start + BATCH, count))
    Page.objects.filter(pk=index.pk).update(numchild=index.numchild + count)
    generation.bump()
    generation.forget()


def _add(site, index, model, numbers):
    newest = timezone.now().replace(microsecond=0)
    pages = Page.objects.bulk_create(_page(index, model, number) for number in numbers)
    _add_article_rows(model, pages)
    rows = [
        _row(site, index, page, newest - timedelta(hours=number)) for page, number in zip(pages, numbers, strict=True)
    ]
    ArticleListing.objects.bulk_create(rows)
    keys = [site.topic.translation_key, site.author.translation_key, site.kind.translation_key]
    ListingTerm.objects.bulk_create(
        ListingTerm(page_id=row.page_id, index_id=index.pk, key=key, published_on=row.published_on)
        for row in rows
        for key in keys
    )


def _page(index, model, number):
    return Page(
        path=Page._get_path(index.path, index.depth + 1, number + 100),
        depth=index.depth + 1,
        title=f"Article {number}",
        draft_title=f"Article {number}",
        slug=f"article-{number}",
        url_path=f"{index.url_path}article-{number}/",
        content_type_id=model.content_type_id,
        locale_id=index.locale_id,
        translation_key=uuid.uuid4(),
        live=True,
    )


def _add_article_rows(model, pages):
    """Give pages the row of their type: the model's, under their own id."""
    columns = [field.column for field in ArticlePage._meta.local_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    first, last = min(page.pk for page in pages), max(page.pk for page in pages)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO news_articlepage (page_ptr_id, {names}) "  # noqa: S608 - names of columns
            f"SELECT page.id, {', '.join(f'model.{name}' for name in columns)} "
            "FROM wagtailcore_page page, news_articlepage model "
            "WHERE page.id BETWEEN %s AND %s AND model.page_ptr_id = %s",
            [first, last, model.pk],
        )


def _row(site, index, page, moment):
    return ArticleListing(
        page_id=page.pk,
        index_id=index.pk,
        locale_id=index.locale_id,
        translation_key=page.translation_key,
        kind_key=site.kind.translation_key,
        published_on=moment,
        slug=page.slug,
        title=page.title,
        summary="What it says in short.",
        language=index.locale.language_code,
    )
