"""What Wagtail commits step by step is done whole, or not at all; editors at the same moment get their own texts."""

import json
from contextlib import contextmanager

import pytest
from django.db.models.signals import post_save
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.html_to_contentstate import HtmlToContentStateHandler
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published, page_unpublished

from delivery.generation import table_number
from news.models import ArticleListing
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
is_stock = pytest.mark.parametrize("is_stock", [False, True])


def fails(**kwargs):
    raise ZeroDivisionError


@contextmanager
def failing(signal, sender=None):
    signal.connect(fails, sender)
    try:
        with pytest.raises(ZeroDivisionError):
            yield
    finally:
        signal.disconnect(fails, sender)


@is_stock
def test_a_publication_that_fails_on_its_way_is_none(site, monkeypatch, is_stock):
    article = make_article(site, "Before")
    article.title = "After"
    revision = article.save_revision()
    before = table_number()
    if is_stock:
        monkeypatch.setattr(PublishRevisionAction, "execute", PublishRevisionAction.execute.__wrapped__)
    with failing(page_published):
        revision.publish()
    article.refresh_from_db()
    assert article.title == ("After" if is_stock else "Before")
    assert is_stock or table_number() == before


@is_stock
def test_a_withdrawal_that_fails_on_its_way_is_none(site, monkeypatch, is_stock):
    article = make_article(site)
    before = table_number()
    if is_stock:
        monkeypatch.setattr(UnpublishAction, "execute", UnpublishAction.execute.__wrapped__)
    with failing(page_unpublished):
        article.unpublish()
    article.refresh_from_db()
    assert article.live is not is_stock
    assert is_stock or table_number() == before


@is_stock
def test_a_restriction_that_fails_on_its_way_is_none(site, monkeypatch, is_stock):
    article = make_article(site)
    before = table_number()
    if is_stock:
        monkeypatch.setattr(PageViewRestriction, "save", PageViewRestriction.save.__wrapped__)
    with failing(post_save, PageViewRestriction):
        PageViewRestriction.objects.create(page=article, restriction_type="password", password="x")
    assert PageViewRestriction.objects.exists() is is_stock
    assert is_stock or ArticleListing.objects.filter(pk=article.pk).exists()
    assert is_stock or table_number() == before


@is_stock
def test_two_who_open_a_text_at_the_same_moment_get_their_own(monkeypatch, is_stock):
    if is_stock:
        stock = ContentstateConverter.from_database_format.__wrapped__
        monkeypatch.setattr(ContentstateConverter, "from_database_format", stock)
    converter, at_the_same_moment = ContentstateConverter(["bold"]), ["<p>Theirs</p>"]
    handle = HtmlToContentStateHandler.handle_starttag

    def handle_starttag(self, name, attrs):
        # A parser asks the database for what a link leads to, and meanwhile another thread goes on.
        while at_the_same_moment:
            theirs.append(converter.from_database_format(at_the_same_moment.pop()))
        handle(self, name, attrs)

    monkeypatch.setattr(HtmlToContentStateHandler, "handle_starttag", handle_starttag)
    theirs = []
    try:
        texts = [json.loads(said)["blocks"] for said in (converter.from_database_format("<p>Ours</p>"), *theirs)]
        is_right = [[block["text"] for block in blocks] for blocks in texts] == [["Ours"], ["Theirs"]]
    except AssertionError:
        is_right = False
    assert is_right is not is_stock
