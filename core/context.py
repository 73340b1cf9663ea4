"""What every readers' template knows: language, direction and its own address.

A page says more exactly what it is known by and where it stands in other languages (``BasePage.get_context``).
"""

from django.conf import settings
from django.utils.translation import get_language, get_language_info


def language(request):
    """Return the language of the content: that of the address, or of an alias's source while it is served."""
    code = get_language() or settings.LANGUAGE_CODE
    return {
        "language": code,
        "direction": "rtl" if get_language_info(code)["bidi"] else "ltr",
        "canonical_url": f"{settings.PUBLIC_URL}{request.path}",
        "public_url": settings.PUBLIC_URL,
    }
