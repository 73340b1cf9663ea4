"""The newsroom in the admin: the list of articles, and the topics, authors and kinds."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from news.explorer import ArticleViewSet
from news.models import ArticleKind, Author, Topic


class TermViewSet(SnippetViewSet):
    list_display = ["name", "slug", "locale", "live"]
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


@hooks.register("register_admin_viewset")
def register_articles():
    return ArticleViewSet()
