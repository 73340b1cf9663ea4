"""What ends by itself at a moment: pages and snippets that expire, and the day.

Expiry is enforced on read: between its moment and the scheduler's work, readers already get what will be there.
Nothing is written for that on a reader's request.
"""

from datetime import datetime, time, timedelta

from django.apps import apps
from django.db.models import Count, Min, Q
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page

from delivery import generation


def scheduled_models():
    """Return Page and every snippet model that can expire."""
    models = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    return [Page, *(model for model in models if not issubclass(model, Page))]


def outlook():
    """Return when what readers see next changes by itself, and how many live things are already past their end.

    Returns:
        (the moment in seconds since 1970, the number). The end of the local day is such a moment: pictures lose
        their rights then, and archives begin another year.
    """
    # The zone of the site's readers: while an editor's request is answered, the editor's own is the current one.
    now, zone = timezone.now(), timezone.get_default_timezone()
    tomorrow = timezone.localdate(now, zone) + timedelta(days=1)
    ends, overdue = [timezone.make_aware(datetime.combine(tomorrow, time.min), zone)], 0
    for model in scheduled_models():
        found = model.objects.filter(live=True, expire_at__isnull=False).aggregate(
            next=Min("expire_at", filter=Q(expire_at__gt=now)), overdue=Count("pk", filter=Q(expire_at__lte=now))
        )
        overdue += found["overdue"]
        if found["next"]:
            ends.append(found["next"])
    return min(ends).timestamp(), overdue


def is_anything_over(before):
    """Return whether something live should have ended before a moment."""
    return any(model.objects.filter(live=True, expire_at__lt=before).exists() for model in scheduled_models())


def has_passed(moment):
    """Return whether an end has come; None is no end."""
    return moment is not None and moment <= timezone.now()


def is_over(item):
    """Return whether a page or snippet has come to its end, whether or not its expiry was done already."""
    return has_passed(item.expire_at)


def not_over(queryset, item="pk"):
    """Return a queryset without what has come to its end; it costs a query only between that and its being done.

    Args:
        queryset: of pages or snippets that can expire, or of rows that belong to a page.
        item: the look-up that leads to the page's or snippet's primary key.
    """
    if not generation.has_overdue():
        return queryset
    model = queryset.model if issubclass(queryset.model, DraftStateMixin) else Page
    return queryset.exclude(**{f"{item}__in": _overdue(model)})


@generation.per_generation
def _overdue(model):
    return tuple(model.objects.filter(live=True, expire_at__lte=timezone.now()).values_list("pk", flat=True))
