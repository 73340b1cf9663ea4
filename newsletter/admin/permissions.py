"""Who may do what with issues and digests: Django's rights, within the languages that a person works in."""

from wagtail.permissions import policy_registry

ACTIONS = {"add", "change", "delete", "view"}


def allowed(model, user):
    """Return the queryset of the issues or digests that a person may see."""
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, ACTIONS)


def may(user, action, row):
    """Return whether a person has a right, such as "change", on this very issue or digest."""
    return policy_registry.get_by_type(type(row)).user_has_permission_for_instance(user, action, row)


def may_see_addresses(user):
    """Return whether a person may see who gets the newsletter."""
    return user.has_perm("newsletter.view_subscriber") or user.has_perm("newsletter.change_subscriber")
