"""People of the newsroom, for the tests of translation."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from portal import roles

WELSH = "Translators: Cymraeg"
ARABIC = "Translators: العربيّة"


def person(group, name=None):
    """Return a member of a group, made on first use."""
    name = name or group.replace(" ", "-").replace(":", "")
    user, created = get_user_model().objects.get_or_create(
        username=name, defaults={"email": f"{len(name)}@example.org"}
    )
    if created:
        user.set_password("secret")
        user.save()
        user.groups.add(Group.objects.get(name=group))
    return user


def only_submits():
    """Return a person whose one right is to send pages to the translators."""
    user = get_user_model().objects.create_user("sender", "sender@example.org", "secret")
    for codename in ("access_admin", "submit_translation"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return user


__all__ = ["ARABIC", "WELSH", "only_submits", "person", "roles"]
