"""What is done next: an act, the way it is done (through the admin or in Python), and on what; asked by the observer.

Each function of an act returns (what it is given, what it can touch, as ``touching.touched`` takes it), or None where
there is nothing to do it on. The same seed and number on the same content give the same act.
"""

import random

from wagtail.models import Page
from wagtail_localize.models import Translation

from home.models import StandardPage
from news.models import ArticlePage
from tests.soak.content import words

ADMIN, PYTHON = "admin", "python"
BOTH = (ADMIN, PYTHON)
ACTS = {}


def act(*ways, weight=2):
    def register(function):
        ACTS[function.__name__] = (function, ways, weight)
        return function

    return register


def choose(seed, number):
    """Return {"kind", "way", "given", "touches"} of an act."""
    chance = random.Random(f"{seed}-{number}")  # noqa: S311 - the same again with the same seed
    weights = [weight for _function, _ways, weight in ACTS.values()]
    for kind in chance.choices(list(ACTS), weights, k=50):
        function, ways, _weight = ACTS[kind]
        found = function(chance)
        if found:
            given, touches = found
            return {"kind": kind, "way": chance.choice(ways), "given": given, "touches": touches}
    raise RuntimeError("Nothing can be done")


def one(chance, rows):
    """Return one of the rows, always the same with the same chance, or None."""
    ids = sorted(rows.values_list("pk", flat=True))
    return rows.get(pk=chance.choice(ids)) if ids else None


def own_articles(**only):
    """Return articles that are edited themselves: no aliases, no translations made from sentences."""
    managed = Translation.objects.filter(enabled=True, target_locale__language_code__in=("cy", "ar"))
    keys = managed.values("source__object_id")
    english = ArticlePage.objects.filter(alias_of=None, **only)
    return english.exclude(translation_key__in=keys, locale__language_code__in=("cy", "ar"))


def own_pages(**only):
    """Return all pages of the same sort, plain ones too."""
    plain = StandardPage.objects.filter(alias_of=None, **only).values("pk")
    return Page.objects.filter(pk__in=[row["pk"] for row in (*own_articles(**only).values("pk"), *plain)])


def said(chance):
    return {"title": words(chance, 3).capitalize(), "text": words(chance, 30)}


def with_page(page, **given):
    return ({"pk": page.pk, **given}, [["page", page.pk]]) if page else None
