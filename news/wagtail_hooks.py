"""The newsroom in the admin: the list of articles, and the topics, authors and kinds."""

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from core.snippets import LanguageViewSet
from news.explorer import ArticleViewSet
from news.models import ArticleKind, ArticlePage, Author, Topic


class TermViewSet(LanguageViewSet):
    list_display = ["name", "slug", "locale", LiveStatusTagColumn(label=_("State"))]
    search_fields = ["name"]


class TopicViewSet(TermViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")


class AuthorViewSet(TermViewSet):
    model = Author
    icon = "user"
    menu_label = _("Authors")


class ArticleKindViewSet(TermViewSet):
    model = ArticleKind
    icon = "folder-open-inverse"
    menu_label = _("Kinds of article")


class TermsGroup(SnippetViewSetGroup):
    items = [TopicViewSet, AuthorViewSet, ArticleKindViewSet]
    menu_label = _("Topics and authors")
    menu_icon = "tag"
    menu_order = 210


register_snippet(TermsGroup)


@hooks.register("before_delete_snippet")
def keep_kinds_in_use(request, instances):
    """A kind cannot be deleted while an article has it: readers would meet articles of no kind."""
    used = [
        kind for kind in instances if isinstance(kind, ArticleKind) and ArticlePage.objects.filter(kind=kind).exists()
    ]
    if used:
        names = ", ".join(str(kind) for kind in used)
        messages.error(request, _("Articles are of this kind, so it stays: %(names)s") % {"names": names})
        return redirect("wagtailsnippets_news_articlekind:list")
    return None


@hooks.register("register_admin_viewset")
def register_articles():
    return ArticleViewSet()
