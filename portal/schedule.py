"""Scheduled publishing and expiry.

Wagtail's own command ends at the first page that fails, and would so hold up every other page for good.
"""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, Revision

from delivery import due, generation
from translation import follow

logger = logging.getLogger("portal.schedule")
RETRY_SECONDS = 300
# The scheduler looks every two seconds.
STEP_IN_SECONDS = 3
LOST_AFTER_SECONDS = 900
_retry_after = {}


def run_due():
    """Publish and expire what is due; what fails is logged and tried again five minutes later.

    Returns:
        the number of pages and snippets that changed.
    """
    now = timezone.now()
    done = 0
    for model in due.scheduled_models():
        done += _attempt_all(model.objects.filter(live=True, expire_at__lte=now).order_by("expire_at"), _expire)
    revisions = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    return done + _attempt_all(revisions, _publish)


def step_in():
    """Do what is due in place of a scheduler that should have done it seconds ago: one that is down, or behind."""
    before = timezone.now() - timedelta(seconds=STEP_IN_SECONDS)
    waits = Revision.objects.filter(approved_go_live_at__lt=before).exists()
    if waits or (generation.has_overdue() and due.is_anything_over(before)):
        run_due()


def revive_lost_tasks():
    """Hand tasks back to the queue whose worker died with them; none of ours runs a quarter of an hour.

    Returns:
        the number of tasks.
    """
    before = timezone.now() - timedelta(seconds=LOST_AFTER_SECONDS)
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=before)
    return lost.update(status=TaskResultStatus.READY, started_at=None)


def _expire(item):
    found = item.specific if isinstance(item, Page) else item
    found.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision):
    if not follow.held_back(revision):
        revision.publish(log_action="wagtail.publish.scheduled")


def _attempt_all(found, action):
    return sum(_attempt(found, item, action) for item in found)


def _attempt(found, item, action):
    key = (type(item), item.pk)
    if time.monotonic() < _retry_after.get(key, 0):
        return 0
    try:
        # Whole or not at all: half a publication would no longer be due.
        with transaction.atomic():
            # Another process may have done it a moment ago.
            item = found.select_for_update().filter(pk=item.pk).first()
            if item is None:
                return 0
            action(item)
    except Exception:
        logger.exception("Not done on time: %s", item)
        _retry_after[key] = time.monotonic() + RETRY_SECONDS
        return 0
    _retry_after.pop(key, None)
    return 1
