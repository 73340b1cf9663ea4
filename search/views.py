"""The results page, over Wagtail's own search."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from core import cards
from delivery import alternates, sites
from search import query as queries

RESULTS_PER_PAGE = 10
MAX_PAGE = 50


@require_safe
def results(request):
    """Show what a query finds among the live, public pages of this language; nothing is written."""
    typed = queries.clean(request.GET.get("q", ""))
    words = queries.words(typed)
    number = _page_number(request.GET.get("page"))
    context = {"query": typed, "rows": [], "total": None, "message": "", "previous_url": None, "next_url": None}
    context |= _elsewhere()
    if words:
        context |= _found(words, typed, number)
    elif typed:
        context["message"] = _("There is no word to look for in what you typed.")
    response = render(request, "search/results.html", context)
    response["Cache-Control"] = "public, no-cache"
    if typed:
        response["X-Robots-Tag"] = "noindex"
    return response


def _elsewhere():
    """Return the addresses of the search in all languages; what was typed is of this one."""
    found = {}
    for language in sites.live_editions():
        with override(language):
            found[language] = reverse("search")
    return {"alternates": found, "hreflang": alternates.hreflang(found) if get_language() in found else []}


def _page_number(text):
    return min(max(int(text), 1), MAX_PAGE) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1


def _found(words, typed, number):
    edition = sites.live_editions().get(get_language())
    if edition is None:
        return {}
    pages = Page.objects.live().filter(locale_id=edition.locale_id)
    # An alias shows another language's words. Wagtail's search takes conditions on the id, not on this field.
    pages = pages.exclude(pk__in=Page.objects.filter(alias_of__isnull=False).order_by().values("pk"))
    for path in sites.restricted_paths():
        pages = pages.exclude(path__startswith=path)
    unlisted = cards.unlisted_ids()
    if unlisted:
        pages = pages.exclude(pk__in=unlisted)
    hits = pages.search(" ".join(words), operator="and")
    total = hits.count()
    if not total and len(words) > 1:
        hits = pages.search(" ".join(words), operator="or")
        total = hits.count()
    start = (number - 1) * RESULTS_PER_PAGE
    shown = list(hits[start : start + RESULTS_PER_PAGE])
    return {
        "rows": cards.cards_for(shown),
        "total": total,
        "previous_url": _address(typed, number - 1) if number > 1 else None,
        "next_url": _address(typed, number + 1) if start + RESULTS_PER_PAGE < total and number < MAX_PAGE else None,
    }


def _address(typed, number):
    return f"?{urlencode({'q': typed, 'page': number})}"
