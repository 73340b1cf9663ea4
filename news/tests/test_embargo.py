"""An article with a date that is still to come waits for it, or people are told that it would not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contact.tests.inbox import person
from news.models import ArticlePage
from portal import roles
from tests.factories import make_article
from tests.soak.admin_acts import fields, streams

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TOLD = "The article would go live before this date."


@pytest.fixture
def article(client, site):
    """A draft, and an editor at work."""
    client.force_login(person("editor", roles.EDITORS))
    return make_article(site, "Embargoed", live=False, published_on=None)


def written(ahead):
    return timezone.localtime(timezone.now() + ahead).strftime("%Y-%m-%d %H:%M")


def send(client, article, **values):
    """Press a button of the article's form and return (the answer, the article)."""
    address = f"/admin/pages/{article.pk}/edit/"
    form = dict(fields(client.get(address).content.decode())) | streams("What we say.") | values
    return client.post(address, form), ArticlePage.objects.get(pk=article.pk)


def test_a_date_to_come_does_not_go_live_now(client, article):
    answer, article = send(client, article, published_on=written(timedelta(days=3)), **{"action-publish": "1"})
    assert TOLD in answer.content.decode()
    assert not article.live


@pytest.mark.parametrize("ahead", [timedelta(seconds=50), -timedelta(days=3)])
def test_a_date_that_is_here_goes_live(client, article, ahead):
    _answer, article = send(client, article, published_on=written(ahead), **{"action-publish": "1"})
    assert article.live


def test_a_date_to_come_is_kept_in_a_draft(client, article):
    answer, article = send(client, article, published_on=written(timedelta(days=3)))
    assert answer.status_code == 302
    assert article.get_latest_revision_as_object().published_on > timezone.now()


@pytest.mark.parametrize(("go_live", "is_planned"), [(4, True), (3, True), (2, False)])
def test_a_schedule_waits_for_the_date_or_is_refused(client, article, go_live, is_planned):
    dates = {"published_on": written(timedelta(days=3)), "go_live_at": written(timedelta(days=go_live))}
    answer, article = send(client, article, **dates, **{"action-publish": "1"})
    assert (TOLD in answer.content.decode()) is not is_planned
    assert article.revisions.filter(approved_go_live_at__isnull=False).exists() is is_planned
    assert not article.live


def test_a_bulk_action_does_not_break_an_embargo(client, article):
    send(client, article, published_on=written(timedelta(days=3)))
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={article.pk}")
    article.refresh_from_db()
    assert not article.live
