"""A newsletter from a backup: what went out since must not go out again."""

from newsletter.models import Digest, Issue

State = Issue.State


def hold_back():
    """Let no issue go out until a person sends it, goes on with it or switches its digest on.

    Returns:
        how many issues were scheduled, how many were being sent, and how many digests were on.
    """
    scheduled = Issue.objects.filter(state=State.SCHEDULED).update(state=State.DRAFT, send_at=None)
    under_way = Issue.objects.filter(state=State.SENDING).update(state=State.STOPPED)
    # Whoever switches a digest on begins with what is published from then on.
    return scheduled, under_way, Digest.objects.filter(is_on=True).update(is_on=False)
