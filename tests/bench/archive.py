"""Portal with an archive of any size, as whole articles with their terms, listings and places in the search."""

import itertools
import uuid
from dataclasses import replace

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page

from core import pictures
from core.models import Image
from delivery import generation
from news.models import ArticleAuthor, ArticleListing, ArticlePage, ArticleTopic, Author, ListingTerm, Topic
from search import engine, indexing, spelling
from search.models import Entry, EntryText, WordStart
from tests import factories, many
from tests.bench import content

# Written through the models, as editors do; their rows are then copied to all others with the same text.
BY_HAND = 2 * content.TEXTS
BATCH = 2_000
VERIFIED = 1_000
# A short run does not wait for AVIF.
WITH_ALL_PICTURES = 500
COPIED = "body lead_image_id lead_image_alt lead_image_is_decorative reading_minutes kind_id summary is_unlisted"


def build(count, progress):
    """Make the site.

    Args:
        count: how many articles, at least 80.
        progress: called with the share that is done, 0 to 1.
    """

    site = factories.make_site()
    terms = make_terms(site)
    images = make_images(pictures.all_specs() if count >= WITH_ALL_PICTURES else pictures.fallback_specs())
    many.fill(site, count, lambda done: progress(0.2 * done / count))
    ArticlePage.objects.get(slug="model").delete()
    ids = list(Page.objects.filter(slug__startswith="article-").order_by("pk").values_list("pk", flat=True))
    assert ids == list(range(ids[0], ids[0] + count)), "the copies are told apart by their numbers"
    with transaction.atomic():
        for number, pk in enumerate(ids[:BY_HAND]):
            write(ArticlePage.objects.get(pk=pk), number, ids, terms, images)
            progress(0.2 + 0.1 * number / BY_HAND)
        copy_rows(ids)
        give_terms(ids, terms)
    fill_search(ids, lambda share: progress(0.3 + 0.7 * share))
    generation.bump()
    forget_tasks()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if count <= VERIFIED:
        # What was copied is what saving would have written.
        call_command("listing", "verify")
        call_command("search_index", "verify")


def make_terms(site):
    """Return the topics and authors in the order of ``content``; the first of each is the site's own."""

    topics, authors = [site.topic], [site.author]
    for model, names, made in ((Topic, content.TOPICS, topics), (Author, content.AUTHORS, authors)):
        for name in names[1:]:
            made.append(model.objects.create(name=name, slug=name.lower().replace(" ", "-"), locale=site.home.locale))
    return topics, authors


def make_images(specs):
    """Return the pictures with all their files; those of the first are everybody's, as making them takes long."""
    first = factories.make_image(content.PICTURES[0], content.PICTURE_SIZE)
    pictures.make(first, specs)
    images = [first]
    for name in content.PICTURES[1:]:
        same = {"file": first.file.name, "width": first.width, "height": first.height, "pictures": first.pictures}
        images.append(Image(title=name, **same))
        images[-1].save()
    return images


def body_of(text, number, ids, images):
    """Return the body of an article as its StreamField holds it."""

    blocks = [("key_points", {"title": "In short", "points": list(text.points)})]
    figures = [images[place] for place in text.pictures[1:]]
    for (heading, paragraphs), offset, figure in itertools.zip_longest(text.sections, text.links, figures):
        linked = ids[(number + offset) % content.TEXTS]
        blocks.append(("heading", {"text": heading, "level": "2"}))
        blocks.append(("paragraph", content.html(paragraphs, f'linktype="page" id="{linked}"')))
        if figure:
            value = {"image": figure.pk, "alt_text": figure.title, "decorative": False, "caption": "", "credit": ""}
            blocks.append(("image", value))
    words, who = text.quotation
    blocks.append(("quote", {"text": words, "attribution": who, "role": ""}))
    return factories.body_of([{"type": kind, "value": value} for kind, value in blocks])


def write(article, number, ids, terms, images):
    """Give an article its text and save it as the admin would."""

    text = content.text(number)
    topics, authors = terms
    article.title = article.draft_title = text.title
    article.summary = text.summary
    article.body = body_of(text, number, ids, images)
    article.lead_image = images[text.pictures[0]]
    article.lead_image_alt = article.lead_image.title
    article.is_unlisted = False
    article.published_on = article.page_ptr.listing.published_on
    article.first_published_at = article.last_published_at = article.published_on
    article.article_topics = [ArticleTopic(topic=topics[place], locale=article.locale) for place in text.topics]
    article.article_authors = [ArticleAuthor(author=authors[text.author], locale=article.locale)]
    article.save()


def copy_rows(ids):
    """Give every other article what the one by hand with the same text has."""
    first, last = ids[0], ids[-1]
    rest = (first + BY_HAND, last)

    def copy(table, key, columns):
        names = ", ".join(columns)
        # From the second round of texts: the titles of the first say more.
        cursor.execute(
            f"UPDATE {table} SET ({names}) = (SELECT {names} FROM {table} AS model "  # noqa: S608 - names of columns
            f"WHERE model.{key} = %s + ({table}.{key} - %s) %% %s) WHERE {key} BETWEEN %s AND %s",
            [first + content.TEXTS, first, content.TEXTS, *rest],
        )

    with connection.cursor() as cursor:
        copy("news_articlepage", "page_ptr_id", COPIED.split())
        copy("wagtailcore_page", "id", ["title", "draft_title"])
        copy("news_articlelisting", "page_id", ["title", "summary", "lead_image_id", "image_alt", "reading_minutes"])
        dated = "(SELECT published_on FROM news_articlelisting WHERE page_id = {})"
        for table, key, name in (
            ("news_articlepage", "page_ptr_id", "published_on"),
            ("wagtailcore_page", "id", "first_published_at"),
            ("wagtailcore_page", "id", "last_published_at"),
        ):
            sql = f"UPDATE {table} SET {name} = {dated.format(f'{table}.{key}')} WHERE {key} BETWEEN %s AND %s"  # noqa: S608
            cursor.execute(sql, rest)


def give_terms(ids, terms):
    """Give every other article its topics and author, on itself and in the lists."""

    topics, authors = terms
    dates = dict(ArticleListing.objects.values_list("page_id", "published_on"))
    some = ArticleListing.objects.select_related("locale").first()
    common = {"locale_id": some.locale_id}
    numbered = list(enumerate(ids))[BY_HAND:]
    for start in range(0, len(numbered), BATCH):
        topic_rows, author_rows, listed, elsewhere = [], [], [], []
        for number, pk in numbered[start : start + BATCH]:
            text = content.text(content.TEXTS + number % content.TEXTS)
            own = {"page_id": pk, **common}
            for order, place in enumerate(text.topics):
                key = uuid.uuid4()
                topic_rows.append(ArticleTopic(topic=topics[place], sort_order=order, translation_key=key, **own))
            author_rows.append(ArticleAuthor(author=authors[text.author], sort_order=0, **own))
            keys = [topics[place].translation_key for place in text.topics]
            keys.append(authors[text.author].translation_key)
            known = (topics[0].translation_key, authors[0].translation_key)
            listed += [
                ListingTerm(page_id=pk, index_id=some.index_id, key=key, published_on=dates[pk])
                for key in keys
                if key not in known
            ]
            if text.author:
                elsewhere.append(pk)
        ListingTerm.objects.filter(page_id__in=elsewhere, key=authors[0].translation_key).delete()
        ArticleTopic.objects.bulk_create(topic_rows)
        ArticleAuthor.objects.bulk_create(author_rows)
        ListingTerm.objects.bulk_create(listed)


def fill_search(ids, progress):
    """Put all articles into the search; those with the same text are described once."""

    pages = ArticlePage.objects.in_bulk(ids[:BY_HAND])
    indexing.refresh([pages[pk] for pk in ids[:BY_HAND]], learn=False)
    spelling.learn.call(list(EntryText.objects.values_list("pk", flat=True)))
    models = [indexing.describe(pages[pk]) for pk in ids[content.TEXTS : BY_HAND]]
    for start in range(BY_HAND, len(ids), BATCH):
        add_entries(list(enumerate(ids))[start : start + BATCH], models)
        progress(start / len(ids))


@transaction.atomic
def add_entries(numbered, models):
    """Write the entries of some articles.

    Args:
        numbered: (number, id) of each.
        models: the descriptions of articles with the same texts.
    """

    kind = indexing.type_of(ArticlePage)
    listed = ArticleListing.objects.filter(pk__in=[pk for _number, pk in numbered])
    dates = dict(listed.values_list("page_id", "published_on"))
    said = [dated(models[number % content.TEXTS], dates[pk]) for number, pk in numbered]
    entries = Entry.objects.bulk_create(
        Entry(content_type=kind, object_id=str(pk), **one.row)
        for (_number, pk), one in zip(numbered, said, strict=True)
    )
    EntryText.objects.bulk_create(
        EntryText(entry=entry, text=one.text) for entry, one in zip(entries, said, strict=True)
    )
    WordStart.objects.bulk_create(
        WordStart(entry=entry, language=language, word=word)
        for entry, one in zip(entries, said, strict=True)
        for language, word in one.starts
    )
    for entry, one in zip(entries, said, strict=True):
        engine.write(entry.pk, one.title_tokens, one.body_tokens)


def dated(said, moment):
    """Return a description as of another date."""
    facets = [facet for facet in said.facets.strip(",").split(",") if not facet.startswith("year:")]
    facets.append(f"year:{timezone.localtime(moment).year}")
    return replace(said, moment=int(moment.timestamp()), facets=f",{','.join(sorted(facets))},")


def forget_tasks():
    """Drop the work that building left for a worker: it is done, and here is none."""

    DBTaskResult.objects.all().delete()
