"""What a reader meant who asks in one language for what is there in another.

Somebody changes /news/ to /cy/news/ by hand, a link leads to a translation that was never finished, a page went
back to draft: none of these is a page, and yet it is known what was wanted.
"""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page

from delivery import alternates, due, redirects, references, routing, sites, translations
from delivery.page_cache import for_everybody


def answer(request, path):
    """Lead to the page that an address means, or say with the status 404 that it is not translated yet.

    Args:
        request: the reader's request.
        path: the address below the language prefix, which no live page answers.

    Raises:
        Http404: nothing was meant, or this language hides what it has not translated.
    """
    edition = sites.live_editions().get(get_language())
    if edition is None or request.method not in ("GET", "HEAD"):
        raise Http404("No such page")
    siblings = _meant(edition, [word for word in path.split("/") if word])
    here = siblings.get(edition.locale_id)
    address = sites.page_url(here.url_path, here.locale_id) if here and _is_open(here) else None
    if address:
        return redirects.recorded(request) or redirect(address)
    found = alternates.of_pages(siblings.values())
    if not found or translations.policy(edition.locale_id) == "hide":
        raise Http404("No such page in this language")
    context = {"originals": _originals(siblings, found), "alternates": found}
    response = render(request, "not_translated.html", context, status=404)
    for_everybody(response)
    return response


def _is_open(page):
    return page.live and sites.is_public(page.path)


def _meant(edition, words):
    """Return the page that was meant in every language it exists in, by locale id; empty if nothing was meant."""
    found = references.current()
    page, rest = routing.deepest(edition, words)
    if page is None:
        return {}
    if not rest:
        return found.translations(page.pk)
    paths = _paths(edition, page, words, rest)
    by_path = {page.url_path: page for page in due.not_over(Page.objects.filter(url_path__in=paths, live=True))}
    meant = next((by_path[path] for path in paths if path in by_path and _is_open(by_path[path])), None)
    return found.translations(meant.pk) if meant else {}


def _paths(edition, page, words, rest):
    """Return the tree paths that an address may mean in other languages, the likeliest first.

    Args:
        edition: the language asked for.
        page: the deepest page of that language on the way.
        words, rest: all words of the address, and those below that page.
    """
    others = [other for other in sites.live_editions().values() if other.language != edition.language]
    others.sort(key=lambda other: other.language != settings.LANGUAGE_CODE)
    below_home = [f"{other.home_path}{'/'.join(words)}/" for other in others]
    if page.pk == edition.home_id:
        return below_home
    siblings = references.current().translations(page.pk)
    known = [siblings[other.locale_id] for other in others if other.locale_id in siblings]
    return [f"{sibling.url_path}{'/'.join(rest)}/" for sibling in known] + below_home


def _originals(siblings, found):
    """Return what the reader can have instead as {"title", "url", "language", "name"}, the default language first."""
    languages = sites.languages()
    titles = {languages[page.locale_id]: page.title for page in siblings.values() if page.locale_id in languages}
    return [
        {
            "title": titles[language],
            "url": address,
            "language": language,
            "name": get_language_info(language)["name_translated"],
        }
        for language, address in found.items()
    ]
