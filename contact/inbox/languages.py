"""What languages are called in the inbox."""

from django.utils.translation import get_language_info


def language_name(code):
    """Return the name of a language in the language of the admin, or the code of one that Django does not know."""
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code
