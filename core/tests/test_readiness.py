"""Unfinished drafts, and what is over: publishing several, or approving one, brings none to readers and never fails."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin.views.pages.workflow import WorkflowActionView

from contact.tests.inbox import person
from core import upstream
from news.models import ArticlePage
from portal import roles
from tests.factories import body_of, make_article, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PUBLISH = "/admin/bulk/wagtailcore/page/publish/"
REFUSED = "Not ready for readers"


def undescribed(article):
    block = {"image": make_image().pk, "alt_text": "", "decorative": False, "caption": "", "credit": ""}
    article.body = body_of([{"type": "image", "value": block}])


FAULTS = {
    "summary": lambda article: setattr(article, "summary", ""),
    "kind": lambda article: setattr(article, "kind", None),
    "picture": lambda article: setattr(article, "lead_image", make_image()),
    "slug": lambda article: setattr(article, "slug", "topics"),
    "block": undescribed,
}


def unfinished(site, fault, title="Unfinished"):
    """Return an article whose last draft, kept by autosave, lacks something."""
    article = make_article(site, title, live=False)
    FAULTS[fault](article)
    article.save_revision(clean=False)
    return article


@pytest.fixture
def editor(client, site):
    editor = person("editor", roles.EDITORS)
    client.force_login(editor)
    return editor


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bulk_action_publishes_all_that_was_ticked_or_nothing(client, site, editor, fault):
    ready = make_article(site, "Ready", live=False)
    article = unfinished(site, fault)
    response = client.post(f"{PUBLISH}?id={ready.pk}&id={article.pk}", follow=True)
    html = response.content.decode()
    assert f"{REFUSED}. Open it, press Publish, and the editor says what is missing: Unfinished" in html
    assert not ArticlePage.objects.filter(live=True).exists()
    client.post(f"{PUBLISH}?id={ready.pk}")
    assert ArticlePage.objects.get(live=True).title == "Ready"


def test_drafts_below_what_was_ticked_are_looked_at_where_they_go_live_too(client, site, editor):
    unfinished(site, "block")
    index = site.news["en"]
    response = client.post(f"{PUBLISH}?id={index.pk}", {"include_descendants": "on"}, follow=True)
    assert REFUSED in response.content.decode()
    assert REFUSED not in client.post(f"{PUBLISH}?id={index.pk}", follow=True).content.decode()
    assert not ArticlePage.objects.filter(live=True).exists()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("headers", [{}, {"x-requested-with": "XMLHttpRequest"}])
def test_an_unfinished_draft_is_not_approved(client, site, editor, fault, headers):
    article = unfinished(site, fault)
    state = article.get_workflow().start(article, editor)
    address = f"/admin/pages/workflow/action/{article.pk}/approve/{state.current_task_state.pk}/"
    response = client.post(address, {"comment": ""}, headers=headers)
    there = response.json()["redirect"] if headers else response["Location"]
    assert REFUSED in client.get(there).content.decode()
    article.refresh_from_db()
    assert (article.live, article.workflow_in_progress) == (False, True)
    client.post(address.replace("approve", "reject"), {"comment": "Finish it"}, headers=headers)
    article.refresh_from_db()
    assert not article.workflow_in_progress


OVER = "The date to expire has passed. Open it and choose “Set schedule” in the panel “Status”: Over"


def over(site, **fields):
    """Return an article whose last draft was to be taken down by now."""
    article = make_article(site, "Over", expire_at=timezone.now() - timedelta(minutes=1), **fields)
    article.save_revision()
    return article


def test_what_is_over_is_not_published_to_go_at_once(client, site, editor):
    ready = make_article(site, "Ready", live=False)
    article = over(site, live=False)
    response = client.post(f"{PUBLISH}?id={ready.pk}&id={article.pk}", follow=True)
    assert OVER in response.content.decode()
    assert not ArticlePage.objects.filter(live=True).exists()
    article.expire_at = timezone.now() + timedelta(days=1)
    article.save_revision()
    client.post(f"{PUBLISH}?id={ready.pk}&id={article.pk}")
    assert ArticlePage.objects.filter(live=True).count() == 2


def test_what_ended_while_it_waited_is_not_approved(client, site, editor):
    article = over(site, live=False)
    state = article.get_workflow().start(article, editor)
    address = f"/admin/pages/workflow/action/{article.pk}/approve/{state.current_task_state.pk}/"
    there = client.post(address, {"comment": ""})["Location"]
    assert OVER in client.get(there).content.decode()
    article.refresh_from_db()
    assert (article.live, article.workflow_in_progress) == (False, True)


def test_wagtail_approves_until_it_fails(site, rf):
    article, editor = unfinished(site, "summary"), person("editor", roles.EDITORS)
    state = article.get_workflow().start(article, editor).current_task_state
    request = rf.post("/", {"comment": ""})
    request.user = editor
    view = WorkflowActionView()
    view.setup(request, page_id=article.pk, action_name="approve", task_state_id=state.pk)
    with pytest.raises(ValidationError):
        upstream.stock_post(view, request)
