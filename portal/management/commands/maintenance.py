"""Send readers away during maintenance, let them in again, or say how things stand."""

import re

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import Error
from django.utils.formats import date_format

from core.models import Furniture
from delivery import maintenance

# A year.
MOST_MINUTES = 365 * 24 * 60
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")


class Command(BaseCommand):
    help = (
        "Tell readers that the site is being worked on (on), let them in again (off), or say what holds (no argument)."
    )
    # It must work while the site is in pieces.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("switch", nargs="?", choices=["on", "off"])
        parser.add_argument("--minutes", type=int, help="readers are told when the site should be back")
        parser.add_argument(
            "--message",
            action="append",
            default=[],
            help='a sentence for readers, in the default language or with a code: "cy=Testun"; repeatable',
        )
        parser.add_argument("--admin-too", action="store_true", help="close the admin as well")

    def handle(self, *args, switch, minutes, message, admin_too, **options):
        if switch != "on" and (minutes is not None or message or admin_too):
            raise CommandError("--minutes, --message and --admin-too belong to: maintenance on")
        if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
            raise CommandError(f"--minutes must be from 1 to {MOST_MINUTES}, which is a year.")
        if switch == "on":
            maintenance.begin(minutes, by_language(message), names(), admin_too)
        elif switch == "off":
            maintenance.end()
        self.stdout.write(in_words(maintenance.current()))


def by_language(messages):
    """Return {language code: text} of texts that may begin with a code and an equals sign.

    Raises:
        CommandError: a text begins with the code of another language than those of the site.
    """
    codes = [code for code, _name in settings.LANGUAGES]
    found = {}
    for message in messages:
        before, sign, text = message.partition("=")
        code = before.strip().lower()
        if not (sign and LANGUAGE_CODE.fullmatch(code)):
            code, text = settings.LANGUAGE_CODE, message
        if code not in codes:
            raise CommandError(
                f'"{code}" is no language of this site, which has {", ".join(codes)}. '
                f'If it belongs to the sentence, write --message "{settings.LANGUAGE_CODE}={message}".'
            )
        found[code] = text.strip()
    return found


def names():
    """Return the organisation's name by language code; nothing where the database does not answer."""
    try:
        live = Furniture.objects.filter(live=True)
        return dict(live.values_list("locale__language_code", "organisation_name"))
    except Error:
        return {}


def in_words(state):
    if state is None:
        return "The site is open."
    admin = "The admin is closed too." if state.is_admin_away else "The admin is open."
    back = f"expected back: {date_format(state.expected, 'DATETIME_FORMAT')}" if state.expected else "no time given"
    return f"Readers are told that the site is being worked on ({back}). {admin} End it with: manage.py maintenance off"
