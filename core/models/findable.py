"""What a page tells the search of itself."""

from wagtail.models import Page
from wagtail.search import index


class Findable:
    """A page that can be searched; ``search.indexing`` says what each of these is for."""

    search_fields = [
        *Page.search_fields,
        # Their words count as often as the number says.
        index.SearchField("title", boost=5),
        index.SearchField("summary", boost=2),
    ]

    def search_language(self):
        return self.language

    def is_found_by_readers(self):
        # Wagtail's own look at its privacy, not the remembered one: this runs before the generation moves.
        return self.live and not self.alias_of_id and not Page.get_view_restrictions(self).exists()

    def search_date(self):
        return None

    def search_facets(self):
        return [("type", "page")]
