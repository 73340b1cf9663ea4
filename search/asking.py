"""The address of a search: from its parameters to a question and back."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core import facets
from search import query
from search.results import Question

MAX_PAGE_DIGITS = 8


@dataclass(frozen=True)
class Asked:
    """The parameters of an address, as far as they make sense.

    Attributes:
        q: the cleaned text.
        needs_all: whether all words must occur.
        slugs: what was chosen, as (name of a facet, slug).
        begins, ends: the first and last day, or None.
        by_date: whether the newest come first.
        page: from 1.
        complaints: what could not be understood, in the reader's language.
        date_error: what is wrong with the days, or "".
        written: where something is, what was given as them, as (name of the parameter, text, whether it is a day).
    """

    q: str
    language: str
    needs_all: bool = False
    slugs: tuple = ()
    begins: date | None = None
    ends: date | None = None
    by_date: bool = False
    page: int = 1
    complaints: tuple = ()
    date_error: str = ""
    written: tuple = ()

    def parameters(self, **changes):
        """Return the parameters of the address, with some changed, as (name, value); a changed question has page 1."""
        asked = replace(self, **({"page": 1} | changes))
        return [
            *([("q", asked.q)] if asked.q else []),
            *([("all", "1")] if asked.needs_all else []),
            *asked.slugs,
            *([("from", asked.begins.isoformat())] if asked.begins else []),
            *([("to", asked.ends.isoformat())] if asked.ends else []),
            *([("sort", "date")] if asked.by_date else []),
            *([("page", asked.page)] if asked.page > 1 else []),
        ]

    def address(self, **changes):
        """Return the query string of the address, with some parameters changed."""
        return f"?{urlencode(self.parameters(**changes))}"

    def with_slug(self, name, slug):
        """Return the slugs with that of one facet changed, or taken out for None."""
        kept = [(one, value) for one, value in self.slugs if one != name]
        return tuple([*kept, (name, slug)] if slug else kept)

    @property
    def question(self):
        """The Question that it asks."""
        return Question(
            typed=self.q,
            language=self.language,
            needs_all=self.needs_all,
            chosen={name: _facet(name).key(slug, self.language) for name, slug in self.slugs},
            begins=_midnight(self.begins) if self.begins else None,
            ends=_midnight(self.ends + timedelta(days=1)) if self.ends else None,
            by_date=self.by_date,
            page=self.page,
        )


def _facet(name):
    return next(facet for facet in facets.declared() if facet.name == name)


def _midnight(day):
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def read(parameters, language):
    """Return what an address asks; what makes no sense is left out and complained of.

    Args:
        parameters: the ``QueryDict`` of the request.
        language: the code of the reader's language.
    """
    slugs, complaints = _slugs(parameters, language)
    begins, ends, date_error = _days(parameters)
    number = parameters.get("page", "")
    is_number = number.isascii() and number.isdigit() and len(number) <= MAX_PAGE_DIGITS
    return Asked(
        q=query.clean(parameters.get("q", "")),
        language=language,
        needs_all=parameters.get("all") == "1",
        slugs=slugs,
        begins=begins,
        ends=ends,
        by_date=parameters.get("sort") == "date",
        page=max(1, int(number)) if is_number else 1,
        complaints=complaints,
        date_error=date_error,
        written=tuple(_written(parameters)) if date_error else (),
    )


def _slugs(parameters, language):
    known, unknown = [], []
    for facet in facets.declared():
        slug = parameters.get(facet.name, "")
        if slug and facet.key(slug, language) is not None:
            known.append((facet.name, slug))
        elif slug:
            unknown.append(_("There is no such choice under “%s”, so it is left out.") % facet.label)
    return tuple(known), tuple(unknown)


def _days(parameters):
    """Return the first and the last day and what is wrong with them."""
    begins, ends = (_day(parameters.get(name, "")) for name in ("from", "to"))
    if begins is _WRONG or ends is _WRONG:
        return None, None, _("Give days as year, month and day, for example 2026-08-27.")
    if begins and ends and begins > ends:
        return None, None, _("The first day is after the last.")
    return begins, ends, ""


def _written(parameters):
    for name in ("from", "to"):
        text = parameters.get(name, "")
        yield name, query.clean(text), _day(text) is not _WRONG


_WRONG = object()


def _day(written):
    """Return a day, None where none was given, or _WRONG; the years 2 to 9998 are whole in every time zone."""
    if not written:
        return None
    try:
        found = parse_date(written) if len(written) == len("2026-08-27") else None
    except ValueError:
        found = None
    return found if found and date(2, 1, 1) <= found <= date(9998, 12, 30) else _WRONG
