"""The lists of snippets in the admin: of what a person may work on, in a language that they work in."""

from functools import wraps

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from wagtail.models import Locale
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet
from wagtail.utils.urlpatterns import decorate_urlpatterns


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


class RowViewSet(SnippetViewSet):
    """A snippet of which a person may look after some rows and not others, as its permission policy says."""

    def get_queryset(self, request):
        return allowed(self.model, request.user)

    def get_urlpatterns(self):
        """Ask for the right on the very row in every view: most of Wagtail's ask for that on the model only."""
        return decorate_urlpatterns(super().get_urlpatterns(), self.for_the_row)

    def for_the_row(self, view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if not self.may_open(request, kwargs.get("pk")):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    def may_open(self, request, pk):
        """Return whether a person may open a view of a row, or one of none."""
        row = self.model.objects.filter(pk=unquote(str(pk))).first() if pk else None
        return row is None or allowed(self.model, request.user).filter(pk=row.pk).exists()


class LanguageViewSet(RowViewSet):
    """A snippet that has a version in each language."""

    index_view_class = LanguageIndexView

    def may_open(self, request, pk):
        """Return whether a person may open a view of a row, or make one in the language that the address names."""
        if pk:
            return super().may_open(request, pk)
        code = request.GET.get("locale")
        locale = next((item for item in Locale.objects.all() if item.language_code == code), None)
        policy = policy_registry.get_by_type(self.model)
        is_new = request.resolver_match.url_name == "add" and locale is not None
        return not is_new or policy.user_has_permission_for_instance(request.user, "add", self.model(locale=locale))
