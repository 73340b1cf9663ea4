"""What LANGUAGES says, as Django's setting."""

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from portal.environment import Refused


def read(codes):
    """Return the (code, name) of each language once, its code in small letters as Django has it.

    Raises:
        Refused: there is none, or Django's ``get_language_info`` would not know one of them.
    """
    codes = list(dict.fromkeys(code.lower() for code in codes))
    unknown = [code for code in codes if code not in LANG_INFO and code.split("-")[0] not in LANG_INFO]
    if unknown or not codes:
        named = f"names {' and '.join(unknown)}, which Django does not know" if unknown else "names no language"
        known = " ".join(sorted(LANG_INFO))
        raise Refused("LANGUAGES", f"{named}. It may name: {known}, and what begins with one of these and a hyphen.")
    return [(code, _(LANG_INFO.get(code, {}).get("name", code))) for code in codes]
