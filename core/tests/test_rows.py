"""Rows of a form that are gone from the database: the form is taken; topics and authors come back, comments do not."""

import json

import pytest
from bs4 import BeautifulSoup
from django.forms.models import BaseModelFormSet
from modelcluster.forms import BaseTransientModelFormSet
from wagtail.models import Comment

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


def commented(html):
    """Return the fields that the script of the comments adds to a page's form."""
    found = json.loads(BeautifulSoup(html, "lxml").find("script", id="comments-data").text)["comments"]
    sent = counts("comments", len(found))
    for number, comment in enumerate(found):
        start = f"comments-{number}"
        known = {"id": comment["pk"], "text": comment["text"], "contentpath": comment["contentpath"], "position": ""}
        sent |= {f"{start}-{name}": value for name, value in known.items()}
        sent |= counts(f"{start}-replies", len(comment["replies"]))
        for place, reply in enumerate(comment["replies"]):
            sent |= {f"{start}-replies-{place}-{name}": reply[key] for name, key in (("id", "pk"), ("text", "text"))}
    return sent


def counts(name, count):
    return {f"{name}-TOTAL_FORMS": count, f"{name}-INITIAL_FORMS": count}


@pytest.fixture
def comment(site, article, admin_user):
    article.save_revision()
    found = Comment.objects.create(page=article, user=admin_user, text="Please check", contentpath="title")
    found.replies.create(user=admin_user, text="Well?")
    return found


@pytest.fixture
def send_commented(admin_client, article, comment):
    address = f"/admin/pages/{article.pk}/edit/"
    html = admin_client.get(address).text
    form = dict(fields(html)) | streams("More.") | commented(html)
    return lambda **given: admin_client.post(address, form | given | {"action-publish": "1"})


def test_comments_stay_as_they_are(send_commented, comment):
    assert send_commented().status_code == 302
    comment.refresh_from_db()
    assert (comment.text, comment.resolved_at, comment.replies.count()) == ("Please check", None, 1)


def test_a_comment_that_a_colleague_deleted_meanwhile_stays_away(send_commented, comment):
    Comment.objects.all().delete()
    assert send_commented().status_code == 302
    assert not Comment.objects.exists()


@pytest.mark.parametrize("field", ["resolved", "DELETE"])
def test_a_comment_can_be_resolved_and_deleted(send_commented, comment, field):
    assert send_commented(**{f"comments-0-{field}": "on"}).status_code == 302
    assert not Comment.objects.filter(resolved_at=None).exists()
