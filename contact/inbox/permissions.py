"""Who sees which enquiries: people with the right, and of a closed department only those in one of its groups.

The same people look after the department itself: who could change its groups or recipients would read its enquiries.
"""

from django.contrib.auth import get_user_model
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from wagtail.permission_policies import ModelPermissionPolicy

from contact.models import Department, Enquiry


def may(user, *actions):
    """Return whether a person has the right to at least one of some actions: view, change, delete."""
    return any(user.has_perm(f"contact.{action}_enquiry") for action in actions)


def departments(user):
    """Return the queryset of the departments that are open to a person."""
    if user.is_superuser:
        return Department.objects.all()
    # By a subquery: who is in two of its groups finds a department once.
    return Department.objects.filter(
        Q(groups=None) | Q(pk__in=Department.groups.through.objects.filter(group__user=user).values("department"))
    )


class DepartmentPermissionPolicy(ModelPermissionPolicy):
    """Django's permissions for departments, within those that are open to a person."""

    def user_has_permission_for_instance(self, user, action, instance):
        may_any = super().user_has_permission_for_instance(user, action, instance)
        return may_any and departments(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user, actions):
        found = super().instances_user_has_any_permission_for(user, actions)
        return found.filter(pk__in=departments(user).values("pk"))


def visible(user):
    """Return the queryset of the enquiries that a person may see; everything in the inbox starts from it.

    Each row has a ``standing``, the state as people are told it: what is assigned to somebody who is gone, or may no
    longer work on it, is new. Accounts, groups and departments change in many ways, some of them past every signal.
    """
    if not may(user, "view", "change", "delete"):
        return Enquiry.objects.none()
    is_left = Q(state=Enquiry.State.ASSIGNED) & ~Exists(_at_work())
    rows = Enquiry.objects.annotate(standing=Case(When(is_left, then=Value(Enquiry.State.NEW)), default=F("state")))
    if user.is_superuser:
        return rows
    return rows.filter(Q(department=None) | Q(department__in=departments(user).values("pk")))


def _at_work():
    """Return the queryset of the person to whom the enquiry of an outer query is assigned, who may work on it."""
    groups = Department.groups.through.objects.filter(department=OuterRef(OuterRef("department")))
    is_open = Q(is_superuser=True) | ~Exists(groups) | Exists(groups.filter(group__user=OuterRef("pk")))
    return people().filter(is_open, pk=OuterRef("assigned_to"))


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
