"""A site whose articles are the documents of a corpus."""

import json
import uuid
from html import escape

from django.conf import settings
from django.db import connection
from django.utils import timezone
from wagtail.models import Locale, Page

from delivery import generation
from home.models import HomePage
from news.models import ArticlePage, NewsIndexPage
from portal import site
from search import indexing
from tests.relevance.items import number_of

BATCH = 200


def build(items, progress=lambda done: None):
    """Write an article for each item, live and in the index, on a site in the languages of the settings.

    The summary stays empty: the corpora have none, and the other engine shall not read less.

    Args:
        items: documents; those in other languages are left out.
        progress: called with the number of articles in the index so far.
    """
    home = site.ensure()
    site.fill_empty(home)
    ids = []
    for code, _name in settings.LANGUAGES:
        mine = [item for item in items if item.language == code]
        index = _index(home, code)
        model = index.add_child(
            instance=ArticlePage(title="Model", slug="model", summary="s", locale=index.locale, live=False)
        )
        ArticlePage.objects.filter(pk=model.pk).update(summary="")
        ids += _write(model, index, mine)
    generation.bump()
    generation.forget()
    for start in range(0, len(ids), BATCH):
        indexing.refresh(ArticlePage.objects.filter(pk__in=ids[start : start + BATCH]), learn=False)
        progress(min(start + BATCH, len(ids)))
    # As autovacuum does within a minute; it cannot see into the transaction of a test.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def slug_of(item):
    return f"item-{number_of(item.key):x}"


def _index(home, code):
    """Return the news index of a language; there is one in the default language from the start."""
    locale = Locale.objects.get(language_code=code)
    found = NewsIndexPage.objects.filter(locale=locale).first()
    if found:
        return found
    first = NewsIndexPage.objects.child_of(home).get()
    front = HomePage(title=code, slug=f"home-{code}", summary="s", locale=locale, translation_key=home.translation_key)
    front = home.get_parent().add_child(instance=front)
    return front.add_child(
        instance=NewsIndexPage(
            title=code, slug="news", summary="s", locale=locale, translation_key=first.translation_key
        )
    )


def _write(model, index, items):
    """Write pages in bulk, with the row of a model article and the texts of items; return their ids."""
    pages = Page.objects.bulk_create(_page(index, model, number, item) for number, item in enumerate(items))
    columns = [field.column for field in ArticlePage._meta.local_fields if not field.primary_key]
    same = [column for column in columns if column not in ("body", "published_on")]
    names = ", ".join(connection.ops.quote_name(name) for name in ("page_ptr_id", "body", "published_on", *same))
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO news_articlepage ({names}) "  # noqa: S608 - names of columns
            f"SELECT %s, %s, %s, {', '.join(connection.ops.quote_name(name) for name in same)} "
            "FROM news_articlepage WHERE page_ptr_id = %s",
            [(page.pk, _body(item), now, model.pk) for page, item in zip(pages, items, strict=True)],
        )
    return [page.pk for page in pages]


def _body(item):
    paragraph = {"type": "paragraph", "value": f"<p>{escape(item.body)}</p>", "id": str(uuid.uuid4())}
    return json.dumps([paragraph])


def _page(index, model, number, item):
    return Page(
        path=Page._get_path(index.path, index.depth + 1, number + 100),
        depth=index.depth + 1,
        title=item.title[:255],
        draft_title=item.title[:255],
        slug=slug_of(item),
        url_path=f"{index.url_path}{slug_of(item)}/",
        content_type_id=model.content_type_id,
        locale_id=index.locale_id,
        translation_key=uuid.uuid4(),
        live=True,
    )
