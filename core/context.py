"""What every readers' template knows: language, direction and its own address."""

from django.conf import settings
from django.utils.translation import get_language, get_language_info


def language(request):
    """Return the language of the content, which the page decides where there is one."""
    code = get_language() or settings.LANGUAGE_CODE
    return {
        "language": code,
        "direction": "rtl" if get_language_info(code)["bidi"] else "ltr",
        "canonical_url": f"{settings.PUBLIC_URL}{request.path}",
        "public_url": settings.PUBLIC_URL,
    }
