"""Maintenance: readers are told that the site is away, while health checks and the admin still answer.

The switch is a file in VAR_DIR, so that no database is needed, written by ``manage.py maintenance``. Every worker of
this host sees it at once, its page cache by a word in the memory that they share.
"""

import json
import os
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from delivery import generation
from delivery.middleware import ADMIN_PREFIXES

# The admin, and the pictures that it shows.
FOR_STAFF = (*ADMIN_PREFIXES, settings.MEDIA_URL)
# What programs ask for: feeds, files, the interface for other systems.
FOR_PROGRAMS = re.compile(r"^/(api|media|documents|static)/|/(feed|atom|json)/$|\.\w{1,6}$")
SAFE = ("GET", "HEAD", "OPTIONS")
# Seconds after which a program may ask again, where nobody said when the site is back.
ASK_AGAIN = 300


@dataclass
class State:
    """What was said when maintenance began."""

    back_at: str = ""
    messages: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)
    is_admin_away: bool = False

    @property
    def expected(self):
        """The moment at which the site should be back, in the site's time zone; None if unknown or already over."""
        moment = datetime.fromisoformat(self.back_at) if self.back_at else None
        return timezone.localtime(moment) if moment and moment > timezone.now() else None

    @property
    def retry_after(self):
        expected = self.expected
        return max(1, round((expected - timezone.now()).total_seconds())) if expected else ASK_AGAIN

    def in_language(self, texts, language):
        """Return (text, its language): the reader's, else the default language's, else an empty text."""
        found = language if language in texts else settings.LANGUAGE_CODE
        return texts.get(found, ""), found


def _file():
    # As text, which costs every request a third of what joining would.
    return f"{settings.VAR_DIR}/maintenance.json"


def begin(minutes=None, messages=None, names=None, is_admin_away=False):
    """Send readers away from now on.

    Args:
        minutes: when the site is expected back, or None if nobody knows.
        messages: a sentence for readers by language code.
        names: the organisation's name by language code.
        is_admin_away: whether the admin is closed too.

    Raises:
        OSError: VAR_DIR cannot be written.
    """
    back_at = (timezone.now() + timedelta(minutes=minutes)).isoformat() if minutes else ""
    state = State(back_at, messages or {}, names or {}, is_admin_away)
    # Whole or not at all: a worker may be reading.
    beside = Path(f"{_file()}.{os.getpid()}")
    beside.write_text(json.dumps(asdict(state), ensure_ascii=False), encoding="utf-8")
    beside.replace(_file())
    follow()


def end():
    """Let readers in again."""
    Path(_file()).unlink(missing_ok=True)
    follow()


def follow():
    """Have the page cache do as the file says, which may have been made or removed by hand."""
    generation.send_away(is_on())


def is_on():
    """Return whether readers are sent away."""
    return os.path.exists(_file())


def current():
    """Return the ``State`` of maintenance, or None while the site is open."""
    if not is_on():
        return None
    try:
        return _checked(State(**json.loads(Path(_file()).read_text(encoding="utf-8"))))
    except FileNotFoundError:
        return None
    except (OSError, AttributeError, TypeError, ValueError):
        # Made by hand, or readable by somebody else only: it was meant all the same.
        return State()


def _checked(state):
    """Return a state whose parts are what they should be, or raise what Python says of it."""
    if state.back_at and datetime.fromisoformat(state.back_at).tzinfo is None:
        raise ValueError("A moment without its time zone")
    for texts in (state.messages, state.names):
        if not all(isinstance(text, str) for text in texts.values()):
            raise TypeError("No text")
    return state


class MaintenanceMiddleware:
    """Answer readers with the status 503 during maintenance. Without it, a request costs one look for a file."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        state = current()
        if state is None or (is_for_staff(request) and not state.is_admin_away):
            return self.get_response(request)
        return _answer(request, state)


def is_for_staff(request):
    # /admin without its slash leads there.
    return f"{request.path_info}/".startswith(FOR_STAFF)


def _answer(request, state):
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        if FOR_PROGRAMS.search(request.path_info) or not request.accepts("text/html"):
            text = translation.gettext("This site is being worked on. Please try again later.")
            response = HttpResponse(f"{text}\n", status=503, content_type="text/plain; charset=utf-8")
        else:
            response = HttpResponse(
                render_to_string("maintenance.html", _context(request, state, language)), status=503
            )
    response["Retry-After"] = str(state.retry_after)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    return response


def _context(request, state, language):
    message, message_language = state.in_language(state.messages, language)
    name, name_language = state.in_language(state.names, language)
    return {
        "language": language,
        "direction": "rtl" if translation.get_language_info(language)["bidi"] else "ltr",
        "name": name or settings.WAGTAIL_SITE_NAME,
        "name_language": name_language if name else "",
        "message": message,
        "message_language": message_language,
        "expected": state.expected,
        "zone": state.expected.tzname() if state.expected else "",
        "is_today": bool(state.expected) and state.expected.date() == timezone.localdate(),
        "is_form": request.method not in SAFE,
        "address": request.get_full_path(),
    }
