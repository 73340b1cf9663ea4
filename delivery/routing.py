"""From an address to a page in one query, at any depth and any number of siblings.

Wagtail asks once per level and scans all siblings for a slug. Here the page and its possible ancestors are
asked for together by ``url_path``; what is left of the address goes to the deepest page found.
"""

from functools import cache

from django.http import Http404
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from delivery import due, sites
from delivery.prepared import Prepared
from delivery.references import WORDS_LOCALE

DEEPEST = 12


def resolve(request, path):
    """Return Wagtail's route result for a path below the language prefix.

    Args:
        request: the reader's request, for page types with addresses of their own.
        path: the address without leading slash and language, for example ``news/an-article/``.

    Raises:
        Http404: no live page answers there.
    """
    edition = sites.live_editions().get(get_language())
    if edition is None:
        raise Http404("No front page in this language")
    words = [word for word in path.split("/") if word]
    page, rest = deepest(edition, words)
    if page is None:
        raise Http404("No such page")
    page = specific(page)
    if due.is_over(page):
        raise Http404("No longer a page")
    if hasattr(page, "resolve_subpage"):
        return page.route(request, rest)
    if rest or not page.live:
        raise Http404("No such page")
    return RouteResult(page)


def deepest(edition, words):
    """Return (page, rest) of the deepest page of an edition on the way to an address, live or not, or (None, words).

    Args:
        edition: the ``Edition`` to look in.
        words: the address below its front page.

    Returns:
        the plain page, and the words below it. It knows whose words it shows, see ``WORDS_LOCALE``.
    """
    paths = [edition.home_path]
    for word in words[:DEEPEST]:
        paths.append(f"{paths[-1]}{word}/")
    found = next(iter(_deepest_of(paths, edition.locale_id)), None)
    if found is None:
        return None, words
    matched = found.url_path.count("/") - edition.home_path.count("/")
    return found, words[matched:]


@Prepared
def _deepest_of(paths, locale_id):
    pages = Page.objects.filter(url_path__in=paths, locale_id=locale_id).annotate(**WORDS_LOCALE)
    return pages.order_by("-depth")[:1]


def specific(page):
    """Return a page in its own type, as Wagtail's ``specific`` does.

    Raises:
        Http404: it has just been deleted.
    """
    if page.specific_class is None:
        return page
    found = next(iter(_by_id(page.specific_class)(page.pk)), None)
    if found is None:
        raise Http404("No longer a page")
    found.__dict__ = page.__dict__ | found.__dict__
    return found


@cache
def _by_id(model):
    return Prepared(lambda pk: model._default_manager.filter(pk=pk))
