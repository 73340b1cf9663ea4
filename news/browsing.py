"""What a reader of a list can go on to: topics, kinds, years and months."""

from django.utils.formats import date_format

from news import archive, taxonomy
from news.addresses import index_url


def choices(index, term=None, year=None, month=None):
    """Return the links beside a list as {"topics", "kinds", "years"}, each a list of {"name", "url", "is_current"}.

    Args:
        index: the ``NewsIndexPage``.
        term, year, month: what the present list is limited to.
    """
    return {
        "topics": _terms("topics", index.language, term),
        "kinds": _terms("kinds", index.language, term),
        "years": _years(index, year, month),
    }


def _terms(family, language, current):
    return [
        {"name": item.plural, "url": item.url, "is_current": bool(current) and item.key == current.key}
        for item in taxonomy.terms(family, language).values()
    ]


def _years(index, year, month):
    base = index_url(index.language)
    found = []
    for one in archive.years(index.pk):
        item = {"name": str(one), "url": f"{base}{one}/", "is_current": one == year and not month, "months": []}
        if one == year:
            item["months"] = [
                {
                    "name": date_format(archive.span(year, number).start, "F"),
                    "url": f"{base}{year}/{number}/",
                    "is_current": number == month,
                }
                for number in archive.months(index.pk, year)
            ]
        found.append(item)
    return found
