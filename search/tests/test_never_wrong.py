"""Whatever is done in whatever order, results, counts, suggestions, feed and promotions show what readers may see."""

import os
import random
import re

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from delivery import due
from news.models import ArticlePage, ArticleTopic, Topic
from portal import schedule
from search.models import Entry, PromotedResult
from search.views.results import SUGGESTIONS
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ACTS = int(os.environ.get("ACTS", "60"))
SEED = int(os.environ.get("SEED", "5"))
SEARCHES = {"en": "/search/", "cy": "/cy/search/"}
WORD = "lantern"


class Newsroom:
    """A few articles in two languages, and people who do things to them."""

    def __init__(self, site, dice):
        self.site, self.dice, self.made = site, dice, 0
        self.topics = [site.topic, Topic.objects.create(name="Rules", slug="rules", locale=site.home.locale)]
        for language in ("en", "en", "en", "cy"):
            self.write(language)
        for language in SEARCHES:
            page = ArticlePage.objects.filter(locale=site.homes[language].locale).first()
            PromotedResult.objects.create(locale=page.locale, queries=WORD, page=page)

    def write(self, language=None):
        self.made += 1
        language = language or self.dice.choice(["en", "cy"])
        topics = self.dice.sample(self.topics, self.dice.randint(0, 2))
        date = timezone.now() - timezone.timedelta(days=self.dice.randint(1, 900))
        make_article(
            self.site, f"{WORD.title()} {self.made}", language, topics, slug=f"a-{self.made}", published_on=date
        )

    def any_article(self):
        return self.dice.choice(list(ArticlePage.objects.order_by("pk")))

    def publish(self):
        self.any_article().save_revision().publish()

    def unpublish(self):
        self.any_article().unpublish()

    def restrict(self):
        page = self.dice.choice([*ArticlePage.objects.order_by("pk"), self.site.news["en"]])
        if not page.view_restrictions.exists():
            PageViewRestriction.objects.create(page=page, restriction_type=self.dice.choice(["password", "login"]))

    def lift(self):
        restrictions = list(PageViewRestriction.objects.order_by("pk"))
        if restrictions:
            self.dice.choice(restrictions).delete()

    def hide(self):
        article = self.any_article()
        article.is_unlisted = not article.is_unlisted
        article.save_revision().publish()

    def delete(self):
        if ArticlePage.objects.count() > 3:
            self.any_article().delete()

    def expire(self):
        article = self.any_article()
        if article.live:
            article.expire_at = timezone.now() - timezone.timedelta(minutes=1)
            article.save()
            schedule.run_due()

    def rename_topic(self):
        topic = self.dice.choice(self.topics)
        topic.name = f"Topic {self.dice.randint(1, 99)}"
        topic.save()

    def change_topics(self):
        article = self.any_article()
        article.article_topics = [
            ArticleTopic(topic=topic, locale=article.locale)
            for topic in self.dice.sample(self.topics, self.dice.randint(0, 2))
        ]
        article.save_revision().publish()

    def move(self):
        """Into the other section of its language, which may be behind a password, or back."""
        articles = list(ArticlePage.objects.filter(locale=self.site.home.locale).order_by("pk"))
        if articles:
            article = self.dice.choice(articles)
            home, news = (Page.objects.get(pk=page.pk) for page in (self.site.homes["en"], self.site.news["en"]))
            Page.objects.get(pk=article.pk).move(home if article.get_parent().pk == news.pk else news, "last-child")

    def unpublish_language(self):
        home = Page.objects.get(pk=self.site.homes["cy"].pk).specific
        if home.live:
            home.unpublish()
        else:
            home.save_revision().publish()

    acts = (write, publish, unpublish, restrict, lift, hide, delete, expire, rename_topic, change_topics, move)
    acts += (unpublish_language, publish, publish, lift, write)


def expected(site, language):
    """Return the titles that readers of a language may find, from the page tree alone."""
    home = Page.objects.get(pk=site.homes[language].pk)
    if not home.live:
        return set()
    articles = ArticlePage.objects.filter(live=True, is_unlisted=False, alias_of=None, locale=home.locale)
    # What was published again after its end is over at once, although nobody has withdrawn it yet.
    articles = [article for article in articles if not due.is_over(article)]
    return {article.title for article in articles if not article.get_view_restrictions().exists()}


def shown(client, address):
    """Return (total, titles on all pages, the first page's context) of a search."""
    first = client.get(address)
    assert first.status_code in (200, 404)
    if first.status_code == 404 or first.context["total"] is None:
        return 0, [], None
    titles = [row["plain_title"] for row in first.context["rows"]]
    for number in range(2, first.context["page_count"] + 1):
        titles += [row["plain_title"] for row in client.get(f"{address}&page={number}").context["rows"]]
    return first.context["total"], titles, first.context


def check(client, site, language):
    start, right = SEARCHES[language], expected(site, language)
    total, titles, context = shown(client, f"{start}?q={WORD}")
    assert total == len(titles) == len(set(titles))
    assert set(titles) == right
    if context:
        for facet in context["facets"]:
            for value in facet["values"]:
                assert shown(client, f"{start}{value['url']}")[0] == value["count"], (facet["name"], value)
        titles_promoted = {one["title"] for one in context["promoted"]}
        assert titles_promoted <= right
    SUGGESTIONS.forget()
    suggested = client.get(f"{start}suggest/?q={WORD[:4]}")
    if suggested.status_code == 200:
        assert {one["label"] for one in suggested.json()["suggestions"]} <= right
    feed = client.get(f"{start}feed/?q={WORD}").content.decode()
    assert set(re.findall(rf"<title>({WORD.title()} \d+)</title>", feed)) <= right


def test_what_is_found_is_what_readers_may_see(client, site, django_capture_on_commit_callbacks, capsys):
    newsroom = Newsroom(site, random.Random(SEED))  # noqa: S311 - told, so that it can be done again
    for number in range(ACTS):
        act = newsroom.dice.choice(newsroom.acts)
        with django_capture_on_commit_callbacks(execute=True):
            act(newsroom)
        for language in SEARCHES:
            try:
                check(client, site, language)
            except AssertionError as error:
                error.add_note(f"After act {number}, {act.__name__}, of SEED={SEED}, in {language}")
                raise
    with django_capture_on_commit_callbacks(execute=True):
        call_command("search_index", "verify")


def test_what_must_not_be_found_is_gone_before_any_task_runs(client, site):
    """The tasks of the queue only bring back; what hides is in the transaction of the change."""
    article = make_article(site, "Lantern one")
    assert expected(site, "en") == {"Lantern one"}
    for act in (
        lambda: PageViewRestriction.objects.create(page=site.news["en"], restriction_type="password"),
        lambda: PageViewRestriction.objects.get(page=site.news["en"]).delete(),
        lambda: article.save_revision().publish(),
        article.unpublish,
    ):
        act()
        listed = set(Entry.objects.filter(is_listed=True, title__startswith="Lantern").values_list("title", flat=True))
        assert listed <= expected(site, "en")
        assert set(shown(client, f"/search/?q={WORD}")[1]) <= expected(site, "en")
    assert shown(client, f"/search/?q={WORD}")[0] == 0


def test_a_row_that_lies_is_neither_shown_nor_counted(client, site):
    make_article(site, "Lantern one")
    other = make_article(site, "Lantern two")
    # Past everything that the index can notice.
    Page.objects.filter(pk=other.pk).update(live=False)
    total, titles, context = shown(client, f"/search/?q={WORD}")
    assert (total, titles) == (1, ["Lantern one"])
    assert {value["count"] for facet in context["facets"] for value in facet["values"]} == {1}
    with pytest.raises(Exception, match="search_index rebuild"):
        call_command("search_index", "verify")
    call_command("search_index", "rebuild")
    call_command("search_index", "verify")


def test_autosaved_drafts_do_not_touch_the_index(client, site, django_assert_max_num_queries):
    article = make_article(site, "Lantern one")
    before = list(Entry.objects.order_by("pk").values())
    for number in range(100):
        article.title = f"Draft {number}"
        article.save_revision()
    assert list(Entry.objects.order_by("pk").values()) == before
