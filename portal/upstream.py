"""Where Django 5.2 takes words from another language than Portal promises, mended in one place.

``tests/test_catalogues.py`` shows it on the method that was replaced (kept in ``stock``), so that this module can go
when Django offers a choice.
"""

from django.utils.translation.trans_real import DjangoTranslation

stock = DjangoTranslation._add_fallback


def no_fallback(catalogue, localedirs=None):
    """What a language has no words for is said in the default language: in Arabic between French, say.

    English, which the code is written in, is at least read by many.
    https://github.com/django/django/blob/5.2/django/utils/translation/trans_real.py#L235
    """


def mend():
    """Replace the method, once when Django starts."""
    DjangoTranslation._add_fallback = no_fallback
