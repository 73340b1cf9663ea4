"""News: the index, articles, topics, authors and kinds."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News")

    def ready(self):
        from core import cards, facets
        from news import signals, taxonomy  # noqa: F401
        from news.models import ArticleListing, listing

        for name, label in (("kind", _("Kind")), ("topic", _("Topic")), ("author", _("Author"))):
            known = {"values": taxonomy.facet_values(f"{name}s"), "addresses": taxonomy.facet_addresses(f"{name}s")}
            facets.register(facets.Facet(name, label, **known, is_shown=name == "kind"))
        cards.register(ArticleListing.shown.in_bulk, listing.unlisted_ids)
