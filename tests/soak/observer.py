"""What runs beside the site and only reads: fresh renders by Django itself, the choice of acts, what they can touch.

It has a generation file and a memory of its own, so that nothing it does can repair what the site has missed.
"""

from functools import partial
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django_tasks_db.models import DBTaskResult

from delivery import generation
from tests.soak import other_choices, page_choices, touching
from tests.soak.choosing import choose
from tests.soak.heads import body_digest, head_digest
from tests.soak.touching import all_addresses

__all__ = ["all_addresses", "body", "choose", "fresh", "is_idle", "number", "touched"]

# Their acts are known by being imported.
CHOICES = (page_choices, other_choices)
_application = get_wsgi_application()
_bodies = {}


def forget():
    """Forget whatever this process has in its memory of the content."""
    generation.forget()
    cache.clear()


def touched(named):
    """Return the addresses that an act can touch, as ``touching.touched`` says."""
    forget()
    return touching.touched(named)


def number():
    """Return the number that the table of changes stands for."""
    return generation.table_number()


def fresh(addresses):
    """Render addresses without any cache.

    Returns:
        {"before": number, "after": number, "answers": {address: [status, digest of the body, digest of the head]}}.
    """
    forget()
    before = number()
    answers = {address: render(address) for address in addresses}
    return {"before": before, "after": number(), "answers": answers}


def render(address):
    said = {}
    chunks = _application(environ_of(address), partial(note, said))
    try:
        body = b"".join(chunks)
    finally:
        chunks.close()
    _bodies[address] = body
    return [said["status"], body_digest(body), head_digest(said["headers"])]


def note(said, status, headers, exc_info=None):
    said |= {"status": int(status[:3]), "headers": headers}


def environ_of(address):
    parts, public = urlsplit(address), urlsplit(settings.PUBLIC_URL)
    environ = {
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin1"),
        "QUERY_STRING": parts.query,
        "HTTP_HOST": public.netloc,
        "SERVER_NAME": public.hostname,
        "SERVER_PORT": str(public.port),
        "REMOTE_ADDR": "127.0.0.1",
    }
    setup_testing_defaults(environ)
    return environ


def body(address):
    """Return the body that was rendered last."""
    return _bodies[address].decode(errors="replace")


def is_idle():
    """Return whether the site's worker has nothing left to do just now."""
    return not DBTaskResult.objects.filter(status__in=("READY", "RUNNING"), run_after__year__lt=9999).exists()
