"""What Wagtail commits step by step is done whole, or not at all; editors at the same moment get their own texts."""

import json
from contextlib import contextmanager

import pytest
from django.db.models.signals import post_save
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.html_to_contentstate import HtmlToContentStateHandler
from wagtail.admin.views.generic.mixins import CreateEditViewOptionalFeaturesMixin as SnippetView
from wagtail.admin.views.pages.edit import EditView as PageView
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished

from delivery.generation import table_number
from news.models import ArticleListing
from tests.factories import make_article
from tests.soak.admin_acts import fields, streams

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


def in_the_middle_of(monkeypatch, act):
    """Let somebody do something else once, when the next form to come in has been compared and is not yet saved."""
    stock, acts = WagtailAdminModelForm.defer_required_fields, [act]

    def defer_required_fields(self):
        while acts:
            acts.pop()()
        stock(self)

    monkeypatch.setattr(WagtailAdminModelForm, "defer_required_fields", defer_required_fields)


def sent_by_itself(client, address, form):
    response = client.post(address, form, headers={"accept": "application/json"})
    return response.json()


@is_stock
@pytest.mark.parametrize("has_saved_itself_before", [False, True])
def test_what_saves_itself_does_not_take_back_what_a_person_saved_meanwhile(
    admin_client, site, monkeypatch, is_stock, has_saved_itself_before
):
    article = make_article(site, topics=[], authors=[], live=False)
    article.save_revision()
    if is_stock:
        monkeypatch.setattr(PageView, "save_action", PageView.save_action.__wrapped__)
    address = f"/admin/pages/{article.pk}/edit/"
    shown = dict(fields(admin_client.get(address).text)) | streams("As it was.")
    row = {"article_topics-TOTAL_FORMS": "1", "article_topics-0-topic": site.topic.pk, "article_topics-0-id": ""}
    by_itself = shown | row | {"title": "Half a ti"}
    if has_saved_itself_before:
        by_itself["overwrite_revision_id"] = sent_by_itself(admin_client, address, shown)["revision_id"]
    in_the_middle_of(monkeypatch, lambda: admin_client.post(address, shown | row | {"title": "Half a title no more"}))
    answer = sent_by_itself(admin_client, address, by_itself)
    assert (answer["success"], answer.get("error_code")) == ((True, None) if is_stock else (False, "invalid_revision"))
    saved = Page.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert saved.title == ("Half a ti" if is_stock else "Half a title no more")


@is_stock
def test_a_snippet_that_saves_itself_does_not_take_back_what_a_person_saved_meanwhile(
    admin_client, site, monkeypatch, is_stock
):
    topic = site.topic
    topic.save_revision()
    if is_stock:
        monkeypatch.setattr(SnippetView, "save_instance", SnippetView.save_instance.__wrapped__)
    address = f"/admin/snippets/news/topic/edit/{topic.pk}/"
    shown = dict(fields(admin_client.get(address).text))
    in_the_middle_of(monkeypatch, lambda: admin_client.post(address, shown | {"description": "The whole of it."}))
    answer = sent_by_itself(admin_client, address, shown | {"description": "The wh"})
    assert (answer["success"], answer.get("error_code")) == ((True, None) if is_stock else (False, "invalid_revision"))
    topic.refresh_from_db()
    saved = topic.get_latest_revision_as_object()
    assert saved.description == ("The wh" if is_stock else "The whole of it.")
