"""News: the index, articles, topics, authors and kinds."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News")

    def ready(self):
        from core import cards
        from news import signals  # noqa: F401
        from news.models import ArticleListing, listing

        cards.register(ArticleListing.objects.in_bulk, listing.unlisted_ids)
