"""Machine translation: asked in small portions, reviewed by a person, and never a crash when the service fails."""

from urllib.parse import parse_qs, urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from wagtail_localize.machine_translators.deepl import DeepLTranslator
from wagtail_localize.machine_translators.libretranslate import LibreTranslator
from wagtail_localize.models import StringTranslation
from wagtail_localize.strings import StringValue

from translation import memory
from translation.models import Review

SENTENCES_A_REQUEST = 40


class ServiceFailed(Exception):
    """The translation service did not answer as it should; the message says so to the person who asked."""


def translator():
    """Return the machine translator that ``MACHINE_TRANSLATION_URL`` names, or None.

    ``deepl://KEY`` is DeepL; ``libretranslate+https://host/?key=KEY`` any server that speaks LibreTranslate's protocol.
    """
    url = urlsplit(settings.MACHINE_TRANSLATION_URL)
    if url.scheme == "deepl":
        return DeepLTranslator({"AUTH_KEY": url.netloc})
    if url.scheme.startswith("libretranslate+"):
        address = f"{url.scheme.removeprefix('libretranslate+')}://{url.netloc}{url.path.rstrip('/')}"
        key = parse_qs(url.query).get("key", [""])[0]
        return LibreTranslator({"LIBRETRANSLATE_URL": address, "API_KEY": key})
    return None


def translate(translation, user=None):
    """Have the untranslated sentences of a ``Translation`` translated; each waits for a person's review.

    What has arrived is kept when a later portion fails, and so is what somebody saved meanwhile.

    Returns:
        how many sentences were translated.

    Raises:
        ServiceFailed: the service cannot be reached, refuses, or answers nonsense.
    """
    service = translator()
    waiting = memory.untranslated(translation)
    done = 0
    for start in range(0, len(waiting), SENTENCES_A_REQUEST):
        portion = waiting[start : start + SENTENCES_A_REQUEST]
        answers = _ask(service, translation, {StringValue(segment.string.data) for segment in portion})
        done += _store(service, translation, user, portion, answers)
    return done


def _ask(service, translation, sentences):
    try:
        answers = service.translate(translation.source.locale, translation.target_locale, list(sentences))
    except (requests.RequestException, KeyError, TypeError, ValueError) as error:
        message = _("%(service)s did not translate (%(reason)s). What had arrived is kept; try again later.")
        reason = getattr(getattr(error, "response", None), "status_code", None) or type(error).__name__
        raise ServiceFailed(message % {"service": service.display_name, "reason": reason}) from error
    return {
        sentence.data: value.data for sentence, value in answers.items() if value and not memory.is_blank(value.data)
    }


@memory.beside_others
def _store(service, translation, user, portion, answers):
    waiting = {(segment.string_id, segment.context_id) for segment in memory.untranslated(translation)}
    rows = [
        StringTranslation(
            translation_of_id=segment.string_id,
            context_id=segment.context_id,
            locale_id=translation.target_locale_id,
            data=answers[segment.string.data],
            translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE,
            tool_name=service.display_name,
            last_translated_by=user,
            has_error=True,
        )
        for segment in portion
        if segment.string.data in answers and (segment.string_id, segment.context_id) in waiting
    ]
    StringTranslation.objects.bulk_create(rows)
    sources = {segment.string_id: segment.string.data for segment in portion}
    Review.objects.bulk_create(
        Review(translation=row, reason=Review.Reason.MACHINE)
        for row in rows
        if memory.fits(sources[row.translation_of_id], row.data)
    )
    return len(rows)
