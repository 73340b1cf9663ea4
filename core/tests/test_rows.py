"""Rows of a form, topics and authors say, that are gone from the database: the form is taken, and they come back."""

import pytest
from django.forms.models import BaseModelFormSet
from modelcluster.forms import BaseTransientModelFormSet

from news.models import ArticlePage
from tests.factories import make_article
from tests.soak.admin_acts import fields, streams

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def article(site):
    return make_article(site, topics=[site.topic], authors=[site.author])


def take_rows_away(article):
    article.article_topics, article.article_authors = [], []
    article.save_revision().publish()


def sent(client, address):
    """Send a form as it was shown, for publication."""
    form = dict(fields(client.get(address).text)) | streams("As it was.") | {"action-publish": "1"}
    return lambda: client.post(address, form)


def rows(article):
    article = ArticlePage.objects.get(pk=article.pk)
    topics, authors = article.article_topics.all(), article.article_authors.all()
    return [row.topic for row in topics], [row.author for row in authors]


def address_of(article, revision):
    return f"/admin/pages/{article.pk}/revisions/{revision.pk}/revert/"


def test_the_stock_form_refuses_an_older_version_and_shows_no_reason(admin_client, article, monkeypatch):
    monkeypatch.setattr(BaseTransientModelFormSet, "add_fields", BaseModelFormSet.add_fields)
    first = article.save_revision()
    take_rows_away(article)
    response = sent(admin_client, address_of(article, first))()
    assert response.status_code == 200
    assert "could not be saved" in response.text and "Select a valid choice" not in response.text
    assert rows(article) == ([], [])


def test_an_older_version_comes_back_with_its_topics_and_authors(admin_client, site, article):
    first = article.save_revision()
    take_rows_away(article)
    assert sent(admin_client, address_of(article, first))().status_code == 302
    assert rows(article) == ([site.topic], [site.author])
    assert sent(admin_client, f"/admin/pages/{article.pk}/edit/")().status_code == 302
    assert rows(article) == ([site.topic], [site.author])


def test_a_form_is_taken_while_somebody_else_took_its_rows_away(admin_client, site, article):
    send = sent(admin_client, f"/admin/pages/{article.pk}/edit/")
    take_rows_away(article)
    assert send().status_code == 302
    assert rows(article) == ([site.topic], [site.author])


def test_rows_that_are_there_stay_the_same(admin_client, article):
    article.save_revision()
    before = [row.pk for row in article.article_topics.all()]
    assert sent(admin_client, f"/admin/pages/{article.pk}/edit/")().status_code == 302
    assert [row.pk for row in ArticlePage.objects.get(pk=article.pk).article_topics.all()] == before
