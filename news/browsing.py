"""What a reader of a list can go on to: topics, kinds, years and months."""

from django.utils.formats import date_format

from news import archive, taxonomy
from news.addresses import index_url, open_indexes


def choices(index, term=None, year=None, month=None):
    """Return the links beside a list as {"topics", "kinds", "years"}, each a list of {"name", "url", "is_current", …}.

    Args:
        index: the ``NewsIndexPage``.
        term, year, month: what the present list is limited to.
    """
    return {
        "topics": _terms("topics", index.language, term),
        "kinds": _terms("kinds", index.language, term),
        "years": _years(index, year, month),
    }


def term_elsewhere(term):
    """Return {language: address} of the list under a term, in every language that has a news index."""
    known = {language: taxonomy.terms(term.family, language).get(term.key) for language in open_indexes()}
    return {language: view.url for language, view in known.items() if view}


def archive_elsewhere(span, year, month):
    """Return {language: address} of a year or month, in every language in which something was published then.

    Args:
        span: the ``Span`` of the year or month.
        year, month: its numbers; month may be None.
    """
    rest = f"{year}/" if month is None else f"{year}/{month}/"
    indexes = open_indexes()
    filled = archive.filled([index["id"] for index in indexes.values()], span)
    return {language: f"{index['url']}{rest}" for language, index in indexes.items() if index["id"] in filled}


def _terms(family, language, current):
    return [
        {
            "name": item.plural,
            "language": item.words_language,
            "url": item.url,
            "is_current": bool(current) and item.key == current.key,
        }
        for item in taxonomy.terms(family, language).values()
    ]


def _years(index, year, month):
    base = index_url(index.language)
    found = []
    for one in archive.years(index.shown_id):
        item = {"name": str(one), "url": f"{base}{one}/", "is_current": one == year and not month, "months": []}
        if one == year:
            item["months"] = [
                {
                    "name": date_format(archive.span(year, number).start, "F"),
                    "url": f"{base}{year}/{number}/",
                    "is_current": number == month,
                }
                for number in archive.months(index.shown_id, year)
            ]
        found.append(item)
    return found
