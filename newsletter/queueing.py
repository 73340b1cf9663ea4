"""One task waits for an issue, and no mail comes before its turn, however often somebody stops it and goes on."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max


def apart(task):
    """Return how far apart the mails of an issue are, a timedelta; where tasks cannot wait, nothing."""
    rate = settings.NEWSLETTER_PER_MINUTE
    return timedelta(minutes=1 / rate) if rate and task.get_backend().supports_defer else timedelta()


def queue(task, pk, wait=timedelta(), turn=timedelta()):
    """Queue the sending of an issue, unless a task that comes no later waits already: each goes on queueing itself.

    Args:
        task: what sends.
        pk: of the ``Issue``.
        wait: how long from now it waits.
        turn: how long it is to the next mail at least; a task that waits for less comes then.
    """
    now = timezone.now()
    at_once = Q(run_after=get_date_max())
    waiting = {"task_path": task.module_path, "status": TaskResultStatus.READY, "args_kwargs__args": [pk]}
    waiting = DBTaskResult.objects.filter(**waiting)
    if turn:
        waiting.filter(Q(run_after__lt=now + turn) | at_once).update(run_after=now + turn)
    if waiting.filter(Q(run_after__lte=now + wait) | at_once).exists():
        return
    if wait and task.get_backend().supports_defer:
        task.using(run_after=now + wait).enqueue(pk)
    elif not wait:
        task.enqueue(pk)
