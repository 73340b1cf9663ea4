"""What an article tells the search of itself, beyond any page (``core.models.findable``)."""

from django.utils import timezone

from news import taxonomy


class FindableArticle:
    """An article among the results: its words, its date and what it can be narrowed to."""

    def current_terms(self):
        """Return {name of a facet: TermViews}, also where the article is being changed."""
        ids = {
            "topic": [item.topic_id for item in self.article_topics.all()],
            "author": [item.author_id for item in self.article_authors.all()],
            "kind": [self.kind_id],
        }
        return {name: taxonomy.by_ids(f"{name}s", found, self.language) for name, found in ids.items()}

    def term_names(self):
        """Return the names of topics and authors, for the search."""
        found = self.current_terms()
        return [term.name for term in (*found["topic"], *found["author"])]

    def is_found_by_readers(self):
        return super().is_found_by_readers() and not self.is_unlisted

    def search_date(self):
        return self.published_on

    def search_facets(self):
        terms = [(name, term.short_key) for name, found in self.current_terms().items() for term in found]
        # In the zone of the site: an editor who publishes may have another.
        zone = timezone.get_default_timezone()
        year = [("year", timezone.localtime(self.published_on, zone).year)] if self.published_on else []
        return [*super().search_facets(), *terms, *year]
