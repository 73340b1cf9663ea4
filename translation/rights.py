"""Who may translate what: a person works in the languages whose page tree they may change, snippets included."""

from django.core.exceptions import PermissionDenied
from wagtail.models import Locale, Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import page_permission_policy, policy_registry, register_permission_policy

from translation.freshness import snippet_models

SUBMIT = "wagtail_localize.submit_translation"


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


def register_policies():
    """Put every translatable snippet under the rule of its language."""
    for model in snippet_models():
        if policy_registry.get_by_type(model, fallback=False) is None:
            register_permission_policy(model, LanguagePermissionPolicy(model))


def may_change(user, instance):
    """Return whether a person may change a translation: their right, its language, and nobody else's lock on it."""
    if isinstance(instance, Page):
        rights = instance.permissions_for_user(user)
        return bool(rights.can_edit() and not rights.page_locked())
    return policy_registry.get(instance).user_has_permission_for_instance(user, "change", instance)


def may_publish(user, instance):
    """Return whether a person may put a translation live."""
    if isinstance(instance, Page):
        rights = instance.permissions_for_user(user)
        return bool(rights.can_publish() and not rights.page_locked())
    return may_change(user, instance) and policy_registry.get(instance).user_has_permission_for_instance(
        user, "publish", instance
    )


def require(is_allowed):
    """Raise PermissionDenied unless something is allowed."""
    if not is_allowed:
        raise PermissionDenied


def may_submit(user, instance, locale):
    """Return whether a person may make something ready for translation into a language.

    Args:
        user: the person.
        instance: the page or snippet in its source language.
        locale: the ``Locale`` to translate into.
    """
    if not user.has_perm(SUBMIT) or locale.pk not in languages_of(user):
        return False
    if not getattr(instance, "live", True) and not may_change(user, instance):
        return False
    if not isinstance(instance, Page):
        return policy_registry.get(instance).user_has_permission(user, "change")
    there = Page.objects.filter(translation_key=instance.translation_key, locale=locale).first()
    if there is not None:
        return may_change(user, there)
    above = Page.objects.filter(locale=locale, translation_key__in=_keys_above(instance)).order_by("-depth").first()
    return page_permission_policy.user_has_permission_for_instance(user, "add", above or Page.get_first_root_node())


def _keys_above(page):
    return page.get_ancestors().filter(depth__gt=1).values("translation_key")
