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
