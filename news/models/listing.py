"""The read model of lists: one narrow row for each article that lists show.

Dates, live flags and topics sit in different tables of Wagtail, so no index over those covers a list. The rows
are written in the transaction that changes the article; ``manage.py listing`` rebuilds and verifies them.
"""

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import get_language
from wagtail.models import Locale, Page

from core.models import Image
from delivery import due, references, sites
from news.addresses import index_url_by_id
from news.taxonomy import terms


class ShownManager(models.Manager):
    """The rows that readers see: an article that has come to its end is not among them, done or not."""

    def get_queryset(self):
        return due.not_over(super().get_queryset(), "page")


class ArticleListing(models.Model):
    """An article as lists show it."""

    page = models.OneToOneField(Page, primary_key=True, on_delete=models.CASCADE, related_name="listing")
    index = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", db_index=False)
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+", db_index=False)
    translation_key = models.UUIDField()
    kind_key = models.UUIDField(null=True)
    published_on = models.DateTimeField()
    slug = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    summary = models.TextField()
    lead_image = models.ForeignKey(Image, null=True, on_delete=models.SET_NULL, related_name="+")
    image_alt = models.CharField(max_length=250, blank=True)
    reading_minutes = models.PositiveSmallIntegerField(default=1)
    # Of the words: an alias stands in one language's lists and shows another one's article.
    language = models.CharField(max_length=12)
    is_alias = models.BooleanField(default=False)

    objects = models.Manager()
    shown = ShownManager()

    seen_by_readers = False

    class Meta:
        indexes = [
            models.Index(fields=["index", "-published_on", "-page"], name="listing_by_date"),
            models.Index(fields=["translation_key", "locale"], name="listing_by_translation"),
        ]

    def __str__(self):
        return self.title

    @property
    def url(self):
        return f"{index_url_by_id(self.index_id)}{self.slug}/"

    @property
    def kind(self):
        return terms("kinds", get_language()).get(self.kind_key)

    @property
    def image(self):
        """The picture, found among the references of the response."""
        return references.current().get(Image, self.lead_image_id)


class ListingTerm(models.Model):
    """An article under one of its topics, authors or its kind, by the key that the term's translations share."""

    page = models.ForeignKey(ArticleListing, on_delete=models.CASCADE, related_name="terms")
    index = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.UUIDField()
    published_on = models.DateTimeField()

    objects = models.Manager()
    shown = ShownManager()

    seen_by_readers = False

    class Meta:
        indexes = [models.Index(fields=["index", "key", "-published_on", "-page"], name="listing_by_term")]
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="listing_term_once")]

    def __str__(self):
        return f"{self.page_id} {self.key}"


def is_listed(article, restricted):
    """Return whether lists show this article: live, not unlisted, open to everybody.

    Args:
        article: the ``ArticlePage``.
        restricted: what ``delivery.sites.find_restricted_paths`` returns, asked now: this runs before the generation
            moves.
    """
    return article.live and not article.is_unlisted and not article.path.startswith(restricted)


def unlisted_ids():
    """Return the ids of live articles that are reachable, but stand in no list."""
    articles = apps.get_model("news", "ArticlePage").objects.filter(live=True, is_unlisted=True)
    return list(articles.values_list("pk", flat=True))


def values_of(article, index_id):
    """Return the row that an article should have below an index page."""
    return {
        "index_id": index_id,
        "locale_id": article.locale_id,
        "translation_key": article.translation_key,
        "kind_key": article.kind.translation_key if article.kind else None,
        "published_on": article.published_on,
        "slug": article.slug,
        "title": article.title,
        "summary": article.summary,
        "lead_image_id": article.lead_image_id,
        "image_alt": article.shown_image_alt,
        "reading_minutes": article.reading_minutes,
        "language": article.language,
        "is_alias": article.alias_of_id is not None,
    }


def term_keys_of(articles):
    """Return the keys of the topics, authors and kind of each article, by its id."""
    keys = {article.pk: {article.kind.translation_key} if article.kind else set() for article in articles}
    for model, term in (("ArticleTopic", "topic"), ("ArticleAuthor", "author")):
        assigned = apps.get_model("news", model).objects.filter(page__in=keys)
        for pk, key in assigned.values_list("page_id", f"{term}__translation_key"):
            keys[pk].add(key)
    return keys


def refresh(articles):
    """Bring the rows of articles up to date, in the transaction of their change and in the same few steps for many.

    Args:
        articles: ``ArticlePage`` objects.
    """
    restricted = sites.find_restricted_paths()
    listed = [article for article in articles if is_listed(article, restricted)]
    with transaction.atomic():
        gone = {article.pk for article in articles} - {article.pk for article in listed}
        ArticleListing.objects.filter(pk__in=gone).delete()
        if listed:
            rows = _write_rows(listed)
            _write_terms(rows, term_keys_of(listed))


def _write_rows(articles):
    parents = {article.path[: -article.steplen] for article in articles}
    index_ids = dict(Page.objects.filter(path__in=parents).values_list("path", "pk"))
    rows = []
    for article in articles:
        values = values_of(article, index_ids[article.path[: -article.steplen]])
        rows.append(ArticleListing(page_id=article.pk, **values))
    fields = [field.name for field in ArticleListing._meta.concrete_fields if not field.primary_key]
    return ArticleListing.objects.bulk_create(rows, update_conflicts=True, unique_fields=["page"], update_fields=fields)


def _write_terms(rows, keys):
    wanted = {(row.pk, key): row for row in rows for key in keys[row.pk]}
    known = ListingTerm.objects.filter(page__in=keys).values_list("pk", "page_id", "key")
    ListingTerm.objects.filter(pk__in=[pk for pk, *place in known if tuple(place) not in wanted]).delete()
    terms = [
        ListingTerm(page_id=pk, key=key, index_id=row.index_id, published_on=row.published_on)
        for (pk, key), row in wanted.items()
    ]
    ListingTerm.objects.bulk_create(
        terms, update_conflicts=True, unique_fields=["page", "key"], update_fields=["index", "published_on"]
    )


def newest(index_id, count):
    """Return the newest rows of an index."""
    return list(by_date(ArticleListing.shown.filter(index_id=index_id))[:count])


def by_date(rows):
    return rows.order_by("-published_on", "-page_id")


def chosen(page_ids, locale_id):
    """Return the rows of chosen articles in a language, in the order of the choice; those not listed are left out."""
    by_key = {row.translation_key: row for row in _translated(page_ids, locale_id)}
    order = [page.translation_key for page in references.current().objects(Page, page_ids).values()]
    return [by_key[key] for key in order if key in by_key]


def _translated(page_ids, locale_id):
    keys = Page.objects.filter(pk__in=page_ids).values("translation_key")
    return ArticleListing.shown.filter(translation_key__in=keys, locale_id=locale_id)


def front(index_id, locale_id, page_ids, count):
    """Return the rows of chosen articles in a language and of the newest ones, newest first, in one query.

    Args:
        index_id: id of the news index page.
        locale_id: id of the locale.
        page_ids: ids of the chosen articles, in any language.
        count: how many newest rows.
    """
    latest = by_date(ArticleListing.shown.filter(index_id=index_id)).values("pk")[:count]
    keys = Page.objects.filter(pk__in=page_ids).values("translation_key")
    chosen_here = models.Q(translation_key__in=keys, locale_id=locale_id)
    return list(by_date(ArticleListing.shown.filter(models.Q(pk__in=latest) | chosen_here)))
