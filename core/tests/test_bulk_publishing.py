"""Aliases among several pages that are published: they are shown as far as the pages that they show are."""

import pytest
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.models import Locale, Page, PageLogEntry

from contact.tests.inbox import person
from core import upstream
from news.models import ArticlePage
from portal import roles
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PUBLISH = "/admin/bulk/wagtailcore/page/publish/?next=/admin/"
UNPUBLISH = PUBLISH.replace("/publish/", "/unpublish/")


@pytest.fixture
def welsh(site):
    return Locale.objects.get(language_code="cy")


@pytest.fixture
def editor(client, site):
    editor = person("editor", roles.EDITORS)
    client.force_login(editor)
    return editor


def alias_of(article, welsh):
    article.save_revision().publish()
    return article.copy_for_translation(welsh, alias=True)


def is_live(page):
    return Page.objects.get(pk=page.pk).live


def test_an_alias_that_was_withdrawn_is_shown_again(client, site, editor, welsh):
    alias = alias_of(make_article(site), welsh)
    own = make_article(site, "Cymraeg", "cy", live=False)
    alias.unpublish()
    assert client.get("/cy/newyddion/an-article/").status_code == 404
    response = client.post(f"{PUBLISH}&id={alias.pk}&id={own.pk}", follow=True)
    assert "2 pages have been published" in response.text
    assert is_live(alias) and is_live(own)
    assert client.get("/cy/newyddion/an-article/").status_code == 200
    assert PageLogEntry.objects.filter(page=alias.pk, action="wagtail.publish", user=editor).exists()


def test_a_section_is_published_again_with_the_aliases_in_it(client, site, editor, welsh):
    shown, waiting = (alias_of(make_article(site, title), welsh) for title in ("Shown", "Waiting"))
    own = make_article(site, "Cymraeg", "cy")
    section = site.news["cy"]
    client.post(f"{UNPUBLISH}&id={section.pk}", {"include_descendants": "on"})
    waiting.alias_of.unpublish()
    assert not any(is_live(page) for page in (section, shown, waiting, own))
    response = client.post(f"{PUBLISH}&id={section.pk}", {"include_descendants": "on"}, follow=True)
    assert "1 page and 2 child pages have been published" in response.text
    assert [is_live(page) for page in (section, shown, waiting, own)] == [True, True, False, True]


def test_an_alias_of_what_readers_cannot_see_is_refused_in_words(client, site, editor, welsh):
    alias = alias_of(make_article(site, "Withdrawn"), welsh)
    alias.alias_of.unpublish()
    own = make_article(site, "Cymraeg", "cy", live=False)
    response = client.post(f"{PUBLISH}&id={alias.pk}&id={own.pk}", follow=True)
    assert "Shows a page that is not published, and goes live with it: Withdrawn" in response.text
    assert not is_live(alias) and not is_live(own)


def test_what_an_alias_shows_may_be_published_together_with_it(client, site, editor, welsh):
    alias = alias_of(make_article(site, "Old"), welsh)
    article = ArticlePage.objects.get(pk=alias.alias_of_id)
    article.unpublish()
    article.title = "New"
    article.save_revision()
    client.post(f"{PUBLISH}&id={alias.pk}&id={article.pk}")
    alias.refresh_from_db()
    assert (alias.live, alias.title) == (True, "New")


def test_wagtail_asks_an_alias_for_its_versions(site, welsh):
    alias = alias_of(make_article(site), welsh)
    with pytest.raises(RuntimeError):
        upstream.stock_execute_action(PublishBulkAction, [alias])
