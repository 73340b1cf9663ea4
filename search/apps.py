"""The search: of readers, and behind Wagtail's own in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self):
        from core import facets
        from search import follow, follow_documents

        facets.register(facets.Facet("type", _("Format"), _formats))
        facets.register(facets.Facet("year", _("Year")))
        follow.connect()
        follow_documents.connect()


def _formats(language):
    from core.facets import Value

    return {"page": Value(gettext("Page"), "page"), "document": Value(gettext("Document"), "document")}
