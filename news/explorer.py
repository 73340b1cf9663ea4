"""The list of articles in the admin: date, kind, topics and the state of every language."""

from collections import defaultdict

from django.db.models import F
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from delivery import sites, translations
from news.models import ArticlePage, ArticleTopic, NewsIndexPage


class ArticleExplorerView(ExplorableIndexView):
    """Wagtail's explorer, with what the columns show loaded in three queries for the whole page of rows."""

    def get_table(self, object_list):
        pages = list(object_list)
        ids = [page.pk for page in pages]
        articles = ArticlePage.objects.filter(pk__in=ids).annotate(kind_name=F("kind__name"))
        facts = {row["pk"]: row for row in articles.values("pk", "published_on", "kind_name")}
        topics = defaultdict(list)
        for page_id, name in ArticleTopic.objects.filter(page_id__in=ids).values_list("page_id", "topic__name"):
            topics[page_id].append(name)
        states = language_states(pages)
        for page in pages:
            fact = facts.get(page.pk, {})
            date = fact.get("published_on")
            page.shown_date = formats.date_format(timezone.localtime(date), "SHORT_DATE_FORMAT") if date else ""
            page.shown_kind = fact.get("kind_name") or ""
            page.shown_topics = ", ".join(topics[page.pk])
            page.shown_languages = ", ".join(states[page.translation_key])
        return super().get_table(pages)


def language_states(pages):
    """Return {translation key: ["Cymraeg: live", "العربيّة: missing"]} of pages in all other languages, in one query.

    Args:
        pages: pages of the explorer, all in one language.
    """
    names = {edition.locale_id: edition.name for edition in sites.editions().values()}
    own = {page.locale_id for page in pages}
    keys = [page.translation_key for page in pages]
    states = defaultdict(dict)
    rows = Page.objects.filter(translation_key__in=keys).exclude(locale_id__in=own).order_by("locale_id")
    for page in rows.only("translation_key", "locale_id", "live", "has_unpublished_changes", "alias_of_id"):
        if page.alias_of_id:
            state = _("alias")
        elif page.live and translations.outdated(page.translation_key, page.locale_id):
            state = _("out of date")
        elif not page.live:
            state = _("draft")
        else:
            state = _("live, with changes") if page.has_unpublished_changes else _("live")
        states[page.translation_key][page.locale_id] = state
    others = {pk: name for pk, name in names.items() if pk not in own}
    missing = _("missing")  # xgettext does not look into f-strings
    return {key: [f"{name}: {states[key].get(pk, missing)}" for pk, name in others.items()] for key in keys}


def stock_columns(*names):
    return [column for column in ExplorableIndexView.base_columns if column.name in names]


class ArticleViewSet(PageViewSet):
    model = ArticlePage
    parent_models = [NewsIndexPage]
    icon = "doc-full"
    index_view_class = ArticleExplorerView
    list_display = [
        *stock_columns("bulk_actions", "title"),
        Column("shown_date", label=gettext_lazy("Published")),
        Column("shown_kind", label=gettext_lazy("Kind")),
        Column("shown_topics", label=gettext_lazy("Topics")),
        Column("shown_languages", label=gettext_lazy("Languages")),
        *stock_columns("status"),
    ]
    ordering = ("-published_on", "-pk")
    list_filter = ["kind", "published_on", "is_unlisted"]
    list_export = ["title", "slug", "published_on", "kind", "live", "locale"]
