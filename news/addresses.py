"""Where the lists of news are found, in every language.

The words in the addresses are for ever: change one only by adding a redirect.
"""

from django.apps import apps
from django.conf import settings

from delivery import sites
from delivery.generation import per_generation

FAMILIES = ("topics", "authors", "kinds")
WORDS = {
    "en": {"topics": "topics", "authors": "authors", "kinds": "kinds"},
    "cy": {"topics": "pynciau", "authors": "awduron", "kinds": "mathau"},
    "ar": {"topics": "مواضيع", "authors": "كتاب", "kinds": "أنواع"},
    **getattr(settings, "NEWS_ADDRESS_WORDS", {}),
}
RESERVED = {"feed", "atom"} | {word for words in WORDS.values() for word in words.values()}


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
    """Return {id: (language, title, url, live)} of the news indexes below a live front page."""
    rows = apps.get_model("news", "NewsIndexPage").objects.values_list("pk", "title", "url_path", "locale_id", "live")
    found = {}
    for pk, title, url_path, locale_id, live in rows:
        url = sites.page_url(url_path, locale_id)
        if url:
            found[pk] = (sites.editions_by_locale()[locale_id].language, title, url, live)
    return found


@per_generation
def indexes():
    """Return {language: {"id", "title", "url"}} of the live news indexes that readers can reach."""
    return {
        language: {"id": pk, "title": title, "url": url}
        for pk, (language, title, url, live) in _all_indexes().items()
        if live
    }


def index_url(language):
    """Return the address of a language's live news index, or None where there is none."""
    index = indexes().get(language)
    return index["url"] if index else None


def index_url_by_id(page_id):
    """Return the address of a news index by its page id, live or not: its articles can be live without it."""
    found = _all_indexes().get(page_id)
    return found[2] if found else "/"
