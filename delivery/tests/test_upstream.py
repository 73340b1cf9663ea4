"""What Wagtail commits step by step is done whole or not at all, and readers are told of it with it."""

from contextlib import contextmanager

import pytest
from django.db.models.signals import post_save
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import PageViewRestriction
from wagtail.signals import page_unpublished

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
