"""Scheduled publishing and expiry.

Wagtail's own command ends at the first page that fails, and would so hold up every other page for good.
"""

import logging
import time
from datetime import timedelta

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import DraftStateMixin, Page, Revision

logger = logging.getLogger("portal.schedule")
RETRY_SECONDS = 300
LOST_AFTER_SECONDS = 900
_retry_after = {}


def run_due():
    """Publish and expire what is due; what fails is logged and tried again five minutes later.

    Returns:
        the number of pages and snippets that changed.
    """
    now = timezone.now()
    done = 0
    for model in scheduled_models():
        for item in model.objects.filter(live=True, expire_at__lt=now).order_by("expire_at"):
            found = item.specific if model is Page else item
            done += _attempt(found, found.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at"):
        done += _attempt(revision, revision.publish, log_action="wagtail.publish.scheduled")
    return done


def revive_lost_tasks():
    """Hand tasks back to the queue whose worker died with them; none of ours runs a quarter of an hour.

    Returns:
        the number of tasks.
    """
    before = timezone.now() - timedelta(seconds=LOST_AFTER_SECONDS)
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=before)
    return lost.update(status=TaskResultStatus.READY, started_at=None)


def scheduled_models():
    """Return Page and every snippet model that can expire."""
    models = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    return [Page, *(model for model in models if not issubclass(model, Page))]


def _attempt(item, action, **options):
    key = (type(item), item.pk)
    if time.monotonic() < _retry_after.get(key, 0):
        return 0
    try:
        # Whole or not at all: half a publication would no longer be due.
        with transaction.atomic():
            action(**options)
    except Exception:
        logger.exception("Not done on time: %s", item)
        _retry_after[key] = time.monotonic() + RETRY_SECONDS
        return 0
    _retry_after.pop(key, None)
    return 1
