"""The results page, its feed and the suggestions; nothing is written."""

from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import facets
from core.models.furniture import furniture_for
from delivery import alternates, sites
from delivery.limits import Limit, client_address
from delivery.page_cache import for_everybody
from search import asking, promotions, query, results, spelling, suggestions
from search.engine.deadline import TookTooLong, deadline

FEED_ROWS = 20
MOST_VALUES = 50
SUGGESTIONS = Limit(60, 20)


@require_safe
def page(request):
    """Show what a search finds among the live, public pages and documents of this language."""
    asked = asking.read(request.GET, get_language())
    context = _empty(asked) | _elsewhere() | {"message": " ".join(asked.complaints)}
    response_is_settled = True
    if asked.q and asked.language in sites.live_editions():
        try:
            with deadline():
                context |= _found(asked)
        except TookTooLong:
            context["message"] = _("This search took too long and was stopped. Try fewer or rarer words.")
            response_is_settled = False
    response = render(request, "search/results.html", context)
    if response_is_settled:
        for_everybody(response)
    else:
        response["Cache-Control"] = "no-store"
    if asked.q:
        response["X-Robots-Tag"] = "noindex"
    return response


def _empty(asked):
    """Return what the page shows where nothing was found."""
    edition = sites.live_editions().get(asked.language)
    return {
        "query": asked.q,
        "total": None,
        "rows": [],
        "page_number": 1,
        "page_count": 1,
        "all_words": asked.needs_all,
        **_days(asked),
        "kept": [*asked.slugs, *([("sort", "date")] if asked.by_date else [])],
        "chosen": _chosen(asked),
        "clear_url": asked.address(slugs=(), begins=None, ends=None),
        "home_url": edition.prefix if edition else "/",
        "suggest_url": reverse("search_suggest"),
        "seen_url": reverse("search_seen"),
    }


def _days(asked):
    """Return what stands in the fields for the days: what is wrong stays to be seen, as text where it is no day."""
    found = {"date_error": asked.date_error, "no_days": [name for name, _text, is_day in asked.written if not is_day]}
    found |= {"date_from": asked.begins.isoformat() if asked.begins else ""}
    found |= {"date_to": asked.ends.isoformat() if asked.ends else ""}
    return found | {f"date_{name}": text for name, text, _is_day in asked.written}


def _elsewhere():
    """Return the addresses of the search in all languages; what was typed is of this one."""
    found = {}
    for language in sites.live_editions():
        with override(language):
            found[language] = reverse("search")
    return {"alternates": found, "hreflang": alternates.hreflang(found) if get_language() in found else []}


def _found(asked):
    answer = results.find(asked.question)
    if answer is None:
        return {"message": _nothing_to_look_for(asked)}
    numbered = [asked.address(page=answer.page + step) for step in (-1, 1)]
    better = spelling.correction(asked.q, asked.language) if answer.page == 1 else None
    return {
        "total": answer.total,
        "rows": answer.rows,
        "page_number": answer.page,
        "page_count": answer.pages,
        "previous_url": numbered[0] if answer.page > 1 else None,
        "next_url": numbered[1] if answer.page < answer.pages else None,
        "facets": [shown for facet in facets.declared() if (shown := _facet(facet, answer.counts, asked))],
        "sorts": _sorts(asked) if answer.total > 1 else [],
        "promoted": promotions.promoted(asked.q, asked.language) if answer.page == 1 else [],
        "correction": {"words": better, "url": asked.address(q=better)} if better else None,
        "feed_url": f"{reverse('search_feed')}?{urlencode(asked.parameters(by_date=False))}",
    }


def _nothing_to_look_for(asked):
    if query.parse(asked.q, asked.language).only_excludes:
        return _("Say also what to look for, not only what to leave out.")
    return _("There is no word to look for in what you typed.")


def _facet(facet, counts, asked):
    """Return a facet with what can be chosen in it, the most frequent first and years backwards, or None."""
    chosen = dict(asked.slugs).get(facet.name)
    named = facet.named(counts[facet.name], asked.language)
    known = [(named[key], number) for key, number in counts[facet.name].items() if key in named]
    order = (lambda item: item[0].label) if facet.values is None else (lambda item: item[1])
    known.sort(key=lambda item: item[0].label.casefold())
    known.sort(key=order, reverse=True)
    values = [
        {
            "label": value.label,
            "count": number,
            "language": value.words_language,
            "is_chosen": value.slug == chosen,
            "url": asked.address(slugs=asked.with_slug(facet.name, None if value.slug == chosen else value.slug)),
        }
        for value, number in known[:MOST_VALUES]
    ]
    return {"name": facet.name, "label": facet.label, "values": values} if values else None


def _chosen(asked):
    """Return what the results are narrowed by, each with the address without it."""
    declared = {facet.name: facet for facet in facets.declared()}
    shown = []
    for name, slug in asked.slugs:
        key = declared[name].key(slug, asked.language)
        label = declared[name].named([key], asked.language)[key].label
        shown.append({"label": label, "url": asked.address(slugs=asked.with_slug(name, None))})
    days = {"begins": _("From %s"), "ends": _("Until %s")}
    for name, words in days.items():
        if day := getattr(asked, name):
            shown.append({"label": words % date_format(day), "url": asked.address(**{name: None})})
    return shown


def _sorts(asked):
    ways = ((False, _("Best match")), (True, _("Newest first")))
    return [
        {"label": label, "url": asked.address(by_date=by_date), "is_chosen": asked.by_date == by_date}
        for by_date, label in ways
    ]


@require_safe
def feed(request):
    """Answer with the newest results of a search as RSS."""
    asked = asking.read(request.GET, get_language())
    if asked.complaints or asked.date_error:
        # Without what makes no sense it would be another search, and its results news to whoever follows this one.
        raise Http404("No such search")
    made = feedgenerator.Rss201rev2Feed(
        title=_("Search for “%s”") % asked.q,
        link=sites.absolute(f"{reverse('search')}{asked.address()}"),
        description=furniture_for(asked.language).words.organisation_name,
        language=asked.language,
        feed_url=sites.absolute(request.get_full_path()),
    )
    try:
        rows = _newest(asked)
    except TookTooLong:
        # Nothing found would be a wrong answer, and kept by whoever asks.
        return HttpResponse(status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})
    for row in rows:
        made.add_item(
            title=row["plain_title"],
            link=sites.absolute(row["url"]),
            description=row["passage"],
            pubdate=row["published_on"],
            # It lasts, as an address may not.
            unique_id=f"{settings.PUBLIC_URL}/#found-{row['id']}",
            unique_id_is_permalink=False,
        )
    response = HttpResponse(made.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
    for_everybody(response)
    response["X-Robots-Tag"] = "noindex"
    return response


def _newest(asked):
    if not asked.q or asked.language not in sites.live_editions():
        return []
    with deadline():
        answer = results.find(replace(asked, by_date=True, page=1).question, FEED_ROWS)
    return answer.rows if answer else []


@require_safe
def suggest(request):
    """Answer with what may be meant by the beginning of a search, as JSON; 429 to who asks too often."""
    if not SUGGESTIONS.allows(client_address(request)):
        return JsonResponse({"suggestions": []}, status=429, headers={"Retry-After": "10", "Cache-Control": "no-store"})
    try:
        with deadline():
            found = suggestions.suggest(query.clean(request.GET.get("q", "")), get_language())
    except TookTooLong:
        return JsonResponse({"suggestions": []}, headers={"Cache-Control": "no-store"})
    response = JsonResponse({"suggestions": found}, json_dumps_params={"ensure_ascii": False})
    for_everybody(response)
    response["X-Robots-Tag"] = "noindex"
    return response
