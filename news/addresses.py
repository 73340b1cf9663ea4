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
def indexes():
    """Return {language: {"id", "title", "url"}} of the live news indexes that readers can reach."""
    rows = apps.get_model("news", "NewsIndexPage").objects.filter(live=True)
    found = {}
    for pk, title, url_path, locale_id in rows.values_list("pk", "title", "url_path", "locale_id"):
        url = sites.page_url(url_path, locale_id)
        if url:
            found[sites.editions_by_locale()[locale_id].language] = {"id": pk, "title": title, "url": url}
    return found


def index_url(language):
    """Return the address of a language's news index; its front page where there is none."""
    index = indexes().get(language)
    return index["url"] if index else "/"


def index_url_by_id(page_id):
    """Return the address of the news index with this page id."""
    return next((index["url"] for index in indexes().values() if index["id"] == page_id), "/")
