"""Scheduled publishing and expiry."""

from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision


def is_anything_due():
    """Return whether a page or snippet should go live or expire now; three cheap look-ups, no write."""
    now = timezone.now()
    if Revision.objects.filter(approved_go_live_at__lt=now).exists():
        return True
    drafts = [
        model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return any(model.objects.filter(live=True, expire_at__lt=now).exists() for model in [Page, *drafts])


def run_due():
    """Publish and expire what is due."""
    if is_anything_due():
        call_command("publish_scheduled")
