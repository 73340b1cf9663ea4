"""Time that passes for subscribers."""

from datetime import timedelta

from newsletter.models import Subscriber


def grow_older(**length):
    """Make everything that is known of subscribers older."""
    for subscriber in Subscriber.objects.all():
        old = {name: getattr(subscriber, name) for name in ("asked_on", "mailed_on")}
        changes = {name: value - timedelta(**length) for name, value in old.items() if value}
        Subscriber.objects.filter(pk=subscriber.pk).update(**changes)
