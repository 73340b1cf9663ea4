"""What a page shows of itself in a list of mixed pages, such as search results.

Every page type has a summary. An app that can say more of its pages (date, kind) registers a source in its
``AppConfig.ready()``.
"""

from django.apps import apps

from core.models import BasePage
from delivery import sites

_sources = []
_unlisted = []


def register(source, unlisted):
    """Add a source of cards.

    Args:
        source: a function from page ids to {page id: card}; a card has title, url and summary, and may have
            published_on and kind.
        unlisted: a function without arguments that returns the ids of pages that no list may show.
    """
    _sources.append(source)
    _unlisted.append(unlisted)


def unlisted_ids():
    """Return the ids of the pages that can be reached but stand in no list."""
    return [pk for unlisted in _unlisted for pk in unlisted()]


def cards_for(pages):
    """Return one card for each page, in their order, with one query for each source and one for the rest."""
    known = {}
    for source in _sources:
        known |= source([page.pk for page in pages])
    rest = [page for page in pages if page.pk not in known]
    summaries = _summaries([page.pk for page in rest]) if rest else {}
    for page in rest:
        url = sites.page_url(page.url_path, page.locale_id)
        known[page.pk] = {"title": page.title, "url": url, "summary": summaries.get(page.pk, "")}
    return [known[page.pk] for page in pages]


def _summaries(page_ids):
    models = [model for model in apps.get_models() if issubclass(model, BasePage)]
    first, *others = (model.objects.filter(pk__in=page_ids).order_by().values_list("pk", "summary") for model in models)
    return dict(first.union(*others, all=True))
