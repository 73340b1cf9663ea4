"""The topics and authors of an article, in their order."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from news.models.terms import Author, Topic


class ArticleTopic(TranslatableMixin, Orderable):
    """A topic of an article; translations keep pointing at the source's topic and show their own words."""

    page = ParentalKey("news.ArticlePage", on_delete=models.CASCADE, related_name="article_topics")
    topic = models.ForeignKey(Topic, verbose_name=_("topic"), on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("topic")]
    translatable_fields = [SynchronizedField("topic")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass

    def __str__(self):
        return str(self.topic)


class ArticleAuthor(TranslatableMixin, Orderable):
    """An author of an article, in the order of the byline."""

    page = ParentalKey("news.ArticlePage", on_delete=models.CASCADE, related_name="article_authors")
    author = models.ForeignKey(Author, verbose_name=_("author"), on_delete=models.CASCADE, related_name="+")

    panels = [FieldPanel("author")]
    translatable_fields = [SynchronizedField("author")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass

    def __str__(self):
        return str(self.author)


def handed_over(page, content):
    """Return the content of a revision in which no topic or author is one that was handed over since it was deleted.

    What it was handed over to (``Term.hand_over``) stands in the page's own rows. modelcluster leaves a row whose term
    is gone out of the draft, and the next publication would take it off the page without a word. Where the draft had
    another term in a row than the live page, nobody knows what became of that one: it is left out.

    Args:
        page: the ``ArticlePage``.
        content: of its revision, as a dict.
    """
    for relation, model, name in (
        ("article_topics", ArticleTopic, "topic"),
        ("article_authors", ArticleAuthor, "author"),
    ):
        now = dict(model.objects.filter(page=page.pk).values_list("pk", f"{name}_id"))
        rows = content.get(relation, [])
        others = {row[name] for row in rows if row[name] != now.get(row["pk"], row[name])}
        terms = model._meta.get_field(name).related_model.objects
        gone = others - set(terms.filter(pk__in=others).values_list("pk", flat=True))
        if gone and (page.live_revision or not page.latest_revision_id):
            # Of a page without any version, all content was copied from its own rows.
            live = page.live_revision.content.get(relation, []) if page.live_revision else rows
            before = {row["pk"]: row[name] for row in live if row["pk"] in now}
            same = [row["pk"] for row in rows if row[name] in gone and before.get(row["pk"]) == row[name]]
            content = content | {relation: [row | {name: now[row["pk"]]} if row["pk"] in same else row for row in rows]}
    return content
