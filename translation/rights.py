"""Who may translate what: a person works in the languages whose page tree they may change, snippets included."""

from django.core.exceptions import PermissionDenied
from wagtail.models import Page
from wagtail.permissions import page_permission_policy, policy_registry, register_permission_policy

from core.rights import LanguagePermissionPolicy, languages_of
from translation.freshness import snippet_models

SUBMIT = "wagtail_localize.submit_translation"


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
