"""Who works in which language: in those whose page tree they may change, snippets included."""

from wagtail.models import Locale
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import page_permission_policy


def languages_of(user):
    """Return the ids of the locales that a person may work in: those of the trees they may add to or change."""
    if not hasattr(user, "_portal_languages"):
        user._portal_languages = _languages_of(user)
    return user._portal_languages


def _languages_of(user):
    pages = [right.page for right in page_permission_policy.get_cached_permissions_for_user(user)]
    if user.is_superuser or any(page.is_root() for page in pages):
        return set(Locale.objects.values_list("pk", flat=True))
    return {page.locale_id for page in pages}


class LanguagePermissionPolicy(ModelPermissionPolicy):
    """Django's permissions for a model, within the languages that a person works in."""

    def user_has_permission_for_instance(self, user, action, instance):
        may = super().user_has_permission_for_instance(user, action, instance)
        return may and (instance.locale_id is None or instance.locale_id in languages_of(user))

    def instances_user_has_any_permission_for(self, user, actions):
        found = super().instances_user_has_any_permission_for(user, actions)
        return found if user.is_superuser else found.filter(locale_id__in=languages_of(user))
