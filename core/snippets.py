"""The lists of snippets in the admin: of what a person may work on, in a language that they work in."""

from wagtail.models import Locale
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet


def allowed(model, user):
    """Return the queryset of a model's rows that a person may look after."""
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(
        user, {"add", "change", "delete", "view"}
    )


class LanguageIndexView(IndexView):
    """The list begins with the default language, or with the first that the person works in."""

    def get_locale(self):
        locale = super().get_locale()
        if "locale" in self.request.GET or locale is None:
            return locale
        rows = allowed(self.model, self.request.user)
        if rows.filter(locale=locale).exists():
            return locale
        return Locale.objects.filter(pk__in=rows.values("locale")).first() or locale


class LanguageViewSet(SnippetViewSet):
    """A snippet that has a version in each language."""

    index_view_class = LanguageIndexView

    def get_queryset(self, request):
        return allowed(self.model, request.user)
