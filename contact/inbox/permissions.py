"""Who sees which enquiries: people with the right, and of a closed department only those in one of its groups."""

from django.contrib.auth import get_user_model
from django.db.models import Q

from contact.models import Department, Enquiry


def may(user, *actions):
    """Return whether a person has the right to at least one of some actions: view, change, delete."""
    return any(user.has_perm(f"contact.{action}_enquiry") for action in actions)


def visible(user):
    """Return the queryset of the enquiries that a person may see; everything in the inbox starts from it."""
    if not may(user, "view", "change", "delete"):
        return Enquiry.objects.none()
    if user.is_superuser:
        return Enquiry.objects.all()
    open_to_user = Department.objects.filter(Q(groups=None) | Q(groups__user=user)).values("pk")
    return Enquiry.objects.filter(Q(department=None) | Q(department__in=open_to_user))


def people(department=None):
    """Return the queryset of the people who may work on the enquiries of a department, by name."""
    working = get_user_model().objects.with_perm("contact.change_enquiry")
    if department and department.groups.exists():
        members = get_user_model().objects.filter(groups__department=department)
        working = working.filter(Q(is_superuser=True) | Q(pk__in=members.values("pk")))
    return working.order_by("first_name", "last_name", "username")


def name_of(user):
    """Return what a colleague is called."""
    return user.get_full_name() or user.get_username()
