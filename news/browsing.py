"""What a reader of a list can go on to: topics, kinds, years and months."""

from django.utils.formats import date_format

from news import archive, taxonomy
from news.addresses import index_url, open_indexes


def choices(listed):
    """Return the links beside a list as {"topics", "kinds", "years"}, each a list of {"name", "url", "is_current", …}.

    Args:
        listed: the present ``NewsList``.
    """
    return {"topics": _terms("topics", listed), "kinds": _terms("kinds", listed), "years": _years(listed)}


def term_elsewhere(term):
    """Return {language: address} of the list under a term, in every language that has a news index."""
    known = {language: taxonomy.terms(term.family, language).get(term.key) for language in open_indexes()}
    return {language: view.url for language, view in known.items() if view}


def archive_elsewhere(span):
    """Return {language: address} of a year or month, in every language in which something was published then.

    Args:
        span: the ``Span`` of the year or month.
    """
    indexes = open_indexes()
    filled = archive.filled([index["id"] for index in indexes.values()], span)
    return {language: f"{index['url']}{span.address}" for language, index in indexes.items() if index["id"] in filled}


def _terms(family, listed):
    _by_year, counts, _total = archive.counts(listed.page_id)
    current = listed.term.key if listed.term else None
    return [
        {
            "name": item.plural,
            "language": item.words_language,
            "url": item.url,
            "count": counts[key],
            "is_current": key == current,
        }
        for key, item in taxonomy.terms(family, listed.language).items()
        if counts.get(key)
    ]


def _years(listed):
    base = index_url(listed.language)
    year, month = (listed.span.year, listed.span.month) if listed.span else (None, None)
    by_year, _by_term, _total = archive.counts(listed.page_id)
    found = []
    for one, count in by_year.items():
        url = f"{base}{one}/"
        item = {"name": str(one), "url": url, "count": count, "is_current": one == year and not month, "months": []}
        if one == year:
            item["months"] = [
                {
                    "name": date_format(archive.span(year, number).start, "F"),
                    "url": f"{url}{number}/",
                    "count": number_of,
                    "is_current": number == month,
                }
                for number, number_of in listed.months.items()
            ]
        found.append(item)
    return found
