"""Articles of made-up words in several languages, in the search."""

import random

from django.db import connection
from wagtail.models import Page

from delivery import generation
from news.models import ArticleAuthor, ArticleListing, ArticlePage, ArticleTopic
from search import rebuilding
from tests.bench.words import SYLLABLES, vocabulary
from tests.many import fill

WORDS_A_TEXT = 450
# Put into every second text of a language, so that half of what it has holds it.
COMMON = {"en": "harbour", "cy": "porthladd", "ar": "ميناء"}
RARE = {"en": "zirconium", "cy": "seconiwm", "ar": "زركونيوم"}
PHRASE = {"en": "amber lantern", "cy": "llusern ambr", "ar": "فانوس العنبر"}


def text_of(number, language, words, weights):
    """Return the title and the text of one article."""
    dice = random.Random(f"{language}{number}")  # noqa: S311 - the same on every machine
    body = dice.choices(words, weights, k=WORDS_A_TEXT)
    if number % 2 == 0:
        body[number % 100] = COMMON[language]
    if number % 10 == 0:
        body[200:202] = PHRASE[language].split()
    if number % 1000 == 0:
        body[300] = RARE[language]
    return " ".join(body[:7]).capitalize(), " ".join(body)


def build(site, count, progress=lambda done: None):
    """Add articles in equal parts in English, Welsh and Arabic, written in bulk and then indexed.

    Args:
        site: what ``make_site`` returned.
        count: how many in all.
        progress: called with the number indexed so far.
    """
    for language in SYLLABLES:
        fill(site, count // 3, language=language)
        _write(site, language)
    generation.forget()
    after = None
    done = 0
    while ids := rebuilding.batch(ArticlePage, after):
        after = ids[-1]
        if done % 1_000 == 0 and connection.vendor == "postgresql":
            # What PostgreSQL does by itself, but only once a minute.
            connection.cursor().execute("ANALYZE")
        rebuilding.repair(ArticlePage, ids)
        done += len(ids)
        progress(done)
    if connection.vendor == "postgresql":
        connection.cursor().execute("VACUUM ANALYZE")


def _write(site, language):
    """Give the articles of a language their own words, and their topic and author."""
    words, weights = vocabulary(language)
    pages = list(Page.objects.child_of(site.news[language]).filter(title__startswith="Article ").order_by("pk"))
    written = [(page.pk, *text_of(number, language, words, weights)) for number, page in enumerate(pages)]
    own = [{"page_id": page.pk, "locale_id": page.locale_id} for page in pages]
    ArticleTopic.objects.bulk_create(ArticleTopic(topic=site.topic, **one) for one in own)
    ArticleAuthor.objects.bulk_create(ArticleAuthor(author=site.author, **one) for one in own)
    body = '[{{"type": "paragraph", "value": "<p>{}</p>", "id": "x"}}]'
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE news_articlepage SET body = %s, is_unlisted = false WHERE page_ptr_id = %s",
            [(body.format(text), pk) for pk, _title, text in written],
        )
        rows = [(title, pk) for pk, title, _text in written]
        cursor.executemany("UPDATE wagtailcore_page SET title = %s WHERE id = %s", rows)
        cursor.executemany(f"UPDATE {ArticleListing._meta.db_table} SET title = %s WHERE page_id = %s", rows)  # noqa: S608
