"""One worker at a time has an issue in its hands; what it leaves when it dies, nobody sends again by itself."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from newsletter.models import Delivery, Issue

# Longer than a mail can take that hangs at every step: four answers of ``EMAIL_TIMEOUT``, the words and their answer of
# ``core.transport.ANSWER_SECONDS``.
HOLD = timedelta(seconds=180)


def take(pk):
    """Take an issue for this worker.

    Args:
        pk: of the ``Issue``.

    Returns:
        the word by which it is held, or None where another worker holds it or it is not being sent.
    """
    word = secrets.token_hex(16)
    is_free = Q(holder="") | Q(held_until__lt=timezone.now())
    free = Issue.objects.filter(pk=pk, state=Issue.State.SENDING).filter(is_free)
    with transaction.atomic():
        if not free.update(holder=word, held_until=timezone.now() + HOLD):
            return None
        # Whoever held it before is gone, and nobody knows what became of the mail in its hands.
        left = Delivery.objects.filter(issue=pk, state=Delivery.State.SENDING)
        left.update(state=Delivery.State.IN_DOUBT, trouble="")
    return word


def renew(pk, word):
    """Hold an issue for longer; return whether it is still this worker's and being sent."""
    held = Issue.objects.filter(pk=pk, state=Issue.State.SENDING, holder=word)
    return bool(held.update(held_until=timezone.now() + HOLD))


def release(pk, word, wait):
    """Let the next task take the issue, which comes after ``wait``, a timedelta."""
    Issue.objects.filter(pk=pk, holder=word).update(holder="", held_until=timezone.now() + wait)
