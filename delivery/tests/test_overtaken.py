"""Two save at the same moment: nothing that somebody saved, published or moved is taken back by the other."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.models import Page
from wagtail.signals import page_published

from delivery.overtaken import FORMS
from news.models import ArticlePage, Topic
from tests.factories import make_article
from tests.soak.admin_acts import fields, streams

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ROW = {"article_topics-TOTAL_FORMS": "1", "article_topics-0-id": ""}
TAKEN = re.compile("already in use|another one at this address")
APPROVE = {"action-workflow-action": "true", "workflow-action-name": "approve"}


@pytest.fixture(params=[False, True], ids=["mended", "stock"])
def is_stock(request, monkeypatch):
    if request.param:
        for view in FORMS:
            monkeypatch.setattr(view, "form_valid", view.form_valid.__wrapped__)
        monkeypatch.setattr(Page, "save", Page.save.__wrapped__)
    return request.param


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a function that lets something happen once, after a form was looked at and before it is saved."""
    stock, acts = WagtailAdminModelForm.is_valid, []

    def is_valid(self):
        valid = stock(self)
        while acts:
            acts.pop()()
        return valid

    monkeypatch.setattr(WagtailAdminModelForm, "is_valid", is_valid)
    return acts.append


@pytest.fixture
def draft(site):
    article = make_article(site, topics=[], authors=[], live=False)
    article.save_revision()
    return article


def address_of(page):
    return f"/admin/pages/{page.pk}/edit/"


def shown(client, address):
    return dict(fields(client.get(address).text)) | (streams("As it was.") if "pages" in address else {})


def sent_by_itself(client, address, form):
    return client.post(address, form, headers={"accept": "application/json"}).json()


def latest(page):
    return Page.objects.get(pk=page.pk).get_latest_revision_as_object()


@pytest.mark.parametrize("has_saved_itself_before", [False, True])
def test_what_saves_itself_takes_nothing_back(admin_client, site, draft, meanwhile, is_stock, has_saved_itself_before):
    address = address_of(draft)
    form = shown(admin_client, address)
    row = ROW | {"article_topics-0-topic": site.topic.pk}
    by_itself = form | row | {"title": "Half a ti"}
    if has_saved_itself_before:
        by_itself["overwrite_revision_id"] = sent_by_itself(admin_client, address, form)["revision_id"]
    meanwhile(lambda: admin_client.post(address, form | row | {"title": "Half a title no more"}))
    answer = sent_by_itself(admin_client, address, by_itself)
    assert (answer["success"], answer.get("error_code")) == ((True, None) if is_stock else (False, "invalid_revision"))
    assert latest(draft).title == ("Half a ti" if is_stock else "Half a title no more")


def test_rows_that_were_saved_by_themselves_meanwhile_are_there_once(admin_client, site, draft, meanwhile):
    address = address_of(draft)
    form = shown(admin_client, address) | ROW | {"article_topics-0-topic": site.topic.pk}
    meanwhile(lambda: sent_by_itself(admin_client, address, form))
    assert admin_client.post(address, form | {"title": "By a person"}).status_code == 302
    assert latest(draft).title == "By a person"
    assert ArticlePage.objects.get(pk=draft.pk).article_topics.count() == 1


def test_a_draft_does_not_withdraw_what_was_published_meanwhile(admin_client, draft, meanwhile, is_stock):
    address = address_of(draft)
    form = shown(admin_client, address)
    meanwhile(lambda: admin_client.post(address, form | {"title": "Published", "action-publish": "1"}))
    assert admin_client.post(address, form | {"title": "Still a draft"}).status_code == 302
    stored = ArticlePage.objects.get(pk=draft.pk)
    assert (stored.live, stored.title) == ((False, "Still a draft") if is_stock else (True, "Published"))
    assert latest(draft).title == "Still a draft"


def test_a_draft_does_not_undo_a_move(admin_client, site, draft, meanwhile, is_stock):
    address = address_of(draft)
    form = shown(admin_client, address)
    meanwhile(lambda: Page.objects.get(pk=draft.pk).move(site.home, pos="last-child"))
    assert admin_client.post(address, form).status_code == 302
    moved = Page.objects.get(pk=draft.pk)
    assert (moved.get_parent().pk == site.home.pk) is not is_stock


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_two_decide_at_the_same_moment(admin_client, admin_user, draft, meanwhile, is_stock, decision):
    draft.get_workflow().start(draft, admin_user)
    address = address_of(draft)
    form = shown(admin_client, address)
    meanwhile(lambda: admin_client.post(address, form | APPROVE | {"workflow-action-name": decision}))
    if is_stock:
        with pytest.raises(AttributeError):
            admin_client.post(address, form | APPROVE)
    else:
        assert admin_client.post(address, form | APPROVE).status_code == 302
        assert ArticlePage.objects.get(pk=draft.pk).live is (decision == "approve")


def test_a_page_that_was_deleted_meanwhile_is_gone(admin_client, draft, meanwhile):
    address = address_of(draft)
    form = shown(admin_client, address)
    meanwhile(lambda: Page.objects.get(pk=draft.pk).delete())
    assert admin_client.post(address, form).status_code == 404


def test_a_snippet_that_saves_itself_takes_nothing_back(admin_client, site, meanwhile, is_stock):
    site.topic.save_revision()
    address = f"/admin/snippets/news/topic/edit/{site.topic.pk}/"
    form = shown(admin_client, address)
    meanwhile(lambda: admin_client.post(address, form | {"description": "The whole of it."}))
    answer = sent_by_itself(admin_client, address, form | {"description": "The wh"})
    assert (answer["success"], answer.get("error_code")) == ((True, None) if is_stock else (False, "invalid_revision"))
    saved = Topic.objects.get(pk=site.topic.pk).get_latest_revision_as_object()
    assert saved.description == ("The wh" if is_stock else "The whole of it.")


def test_a_draft_of_a_snippet_does_not_withdraw_what_was_published_meanwhile(admin_client, site, meanwhile, is_stock):
    site.topic.unpublish()
    address = f"/admin/snippets/news/topic/edit/{site.topic.pk}/"
    form = shown(admin_client, address)
    meanwhile(lambda: admin_client.post(address, form | {"action-publish": "1"}))
    assert admin_client.post(address, form | {"description": "Still a draft."}).status_code == 302
    assert Topic.objects.get(pk=site.topic.pk).live is not is_stock


@pytest.mark.parametrize("action", ["publish", "submit", "save"])
def test_two_give_articles_the_same_address(admin_client, site, meanwhile, is_stock, action):
    address = f"/admin/pages/add/news/articlepage/{site.news['en'].pk}/"
    given = {"title": "Twice", "slug": "twice", "summary": "What it says.", "kind": site.kind.pk}
    taking(admin_client, address, given | {f"action-{action}": "1"}, meanwhile, is_stock)
    assert ArticlePage.objects.get(slug="twice").live is (action == "publish")


def test_two_give_topics_the_same_address(admin_client, site, meanwhile, is_stock):
    taking(admin_client, "/admin/snippets/news/topic/add/", {"name": "Twice", "slug": "twice"}, meanwhile, is_stock)
    assert Topic.objects.filter(slug="twice").count() == 1


def test_a_new_address_is_given_to_another_page_meanwhile(admin_client, site, draft, meanwhile, is_stock):
    other = make_article(site)
    given = {"slug": "taken", "action-publish": "1"}
    taking(admin_client, address_of(draft), given, meanwhile, is_stock, address_of(other))
    assert [page.pk for page in Page.objects.filter(slug="taken")] == [other.pk]


@pytest.fixture
def fault():
    """What fails once a page has been published, after its row and its version were stored."""

    def fail(**_signal):
        raise IntegrityError("a fault of ours")

    page_published.connect(fail)
    yield
    page_published.disconnect(fail)


def test_what_is_stored_already_is_not_stored_again(admin_client, site, fault):
    address = f"/admin/pages/add/news/articlepage/{site.news['en'].pk}/"
    given = {"title": "Once", "slug": "once", "summary": "What it says.", "kind": site.kind.pk}
    form = shown(admin_client, address) | given
    with pytest.raises(IntegrityError):
        admin_client.post(address, form | {"action-publish": "1"})
    assert [page.slug for page in ArticlePage.objects.filter(title="Once")] == ["once"]


def taking(client, address, given, meanwhile, is_stock, other_address=None):
    """Send forms that give the same address at the same moment: whoever comes second is told of it."""
    form, other = (shown(client, one) | given for one in (address, other_address or address))
    meanwhile(lambda: client.post(other_address or address, other))
    if is_stock:
        with pytest.raises((ValidationError, IntegrityError)):
            client.post(address, form)
    else:
        answer = client.post(address, form)
        assert answer.status_code == 200 and TAKEN.search(answer.text)
