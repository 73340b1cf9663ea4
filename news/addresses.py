"""Where the lists of news are found, in every language.

The words in the addresses are for ever: change one only by adding a redirect.
"""

from django.apps import apps
from django.conf import settings
from django.db.models import OuterRef, Subquery

from delivery import due, sites
from delivery.generation import per_generation

FAMILIES = ("topics", "authors", "kinds")
WORDS = {
    "en": {"topics": "topics", "authors": "authors", "kinds": "kinds"},
    "cy": {"topics": "pynciau", "authors": "awduron", "kinds": "mathau"},
    "ar": {"topics": "مواضيع", "authors": "كتاب", "kinds": "أنواع"},
    **getattr(settings, "NEWS_ADDRESS_WORDS", {}),
}
RESERVED = {"feed", "atom", "json"} | {word for words in WORDS.values() for word in words.values()}


def word_for(family, language):
    """Return the word of a family (topics, authors, kinds) in a language's addresses."""
    return WORDS.get(language, WORDS["en"])[family]


def family_of(word):
    """Return the family that a word of an address means in any language, or None."""
    for words in WORDS.values():
        for family, own in words.items():
            if own == word:
                return family
    return None


@per_generation
def _all_indexes():
    """Return {id: index} of the news indexes below a live front page, live or not, aliases included."""
    fields = ("pk", "title", "url_path", "path", "locale_id", "live", "expire_at", "alias_of_id")
    dates = apps.get_model("news", "ArticleListing").shown.filter(index_id=OuterRef("pk")).values("published_on")
    edges = {
        "oldest": Subquery(dates.order_by("published_on", "page_id")[:1]),
        "newest": Subquery(dates.order_by("-published_on", "-page_id")[:1]),
    }
    found = {}
    for row in apps.get_model("news", "NewsIndexPage").objects.order_by().values(*fields, **edges):
        url = sites.page_url(row["url_path"], row["locale_id"])
        if url:
            language = sites.editions_by_locale()[row["locale_id"]].language
            found[row["pk"]] = {**row, "id": row["pk"], "url": url, "language": language}
            found[row["pk"]]["live"] = row["live"] and not due.has_passed(row["expire_at"])
    return found


@per_generation
def indexes():
    """Return {language: {"id", "title", "url", …}} of the live news indexes that readers can reach.

    A language that shows another one's index, as an alias, has no lists of its own.
    """
    return {
        index["language"]: index for index in _all_indexes().values() if index["live"] and index["alias_of_id"] is None
    }


@per_generation
def open_indexes():
    """Return those indexes that everybody may read."""
    return {language: index for language, index in indexes().items() if sites.is_public(index["path"])}


@per_generation
def index_ids():
    """Return {language: page id} of the live news indexes below which each language has its articles."""
    live = [index for index in _all_indexes().values() if index["live"]]
    # The language's own comes last, and stays, where it has an alias too.
    return {index["language"]: index["id"] for index in sorted(live, key=lambda index: index["alias_of_id"] is None)}


def index_url(language):
    """Return the address of a language's live news index, or None where there is none."""
    index = indexes().get(language)
    return index["url"] if index else None


def edges(page_id):
    """Return the dates of the oldest and the newest article of a news index, or (None, None)."""
    found = _all_indexes().get(page_id)
    return (found["oldest"], found["newest"]) if found else (None, None)


def index_url_by_id(page_id):
    """Return the address of a news index by its page id, live or not: its articles can be live without it."""
    found = _all_indexes().get(page_id)
    return found["url"] if found else "/"
