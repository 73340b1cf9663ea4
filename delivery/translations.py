"""What is known of translations by the app that looks after them, for the pages that readers see.

``translation/`` fills this registry when it starts; without it nothing is out of date and nothing is hidden.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Outdated:
    """A translation whose source was published with other words since."""

    since: datetime
    source_locale_id: int


def _none():
    return {}


_sources = {"outdated": _none, "policies": _none}


def register(outdated, policies):
    """Say where to ask.

    Args:
        outdated: a function without arguments that returns {(translation key, locale id): Outdated}.
        policies: a function without arguments that returns {locale id: alias, notice or hide}, what the language does
            with pages that are not translated into it.
    """
    _sources.update(outdated=outdated, policies=policies)


def all_outdated():
    """Return {(translation key, locale id): Outdated} of every translation that is out of date."""
    return _sources["outdated"]()


def outdated(translation_key, locale_id):
    """Return the ``Outdated`` of a translation, or None while it says what its source says."""
    return all_outdated().get((translation_key, locale_id))


def policy(locale_id):
    """Return what a language does with untranslated pages: alias, notice (the default) or hide."""
    return _sources["policies"]().get(locale_id, "notice")
