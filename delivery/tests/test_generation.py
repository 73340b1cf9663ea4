"""The content generation: moved by what readers see, not by drafts, and seen at once."""

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from contact.models import Enquiry
from delivery import due, generation
from delivery.models import Change
from tests.factories import make_article, make_site

pytestmark = [pytest.mark.database]


def number():
    return generation.table_number()


@pytest.mark.django_db
def test_a_hundred_autosaves_move_nothing(site):
    article = make_article(site)
    before = number()
    for index in range(100):
        article.title = f"Draft {index}"
        article.save_revision()
    assert number() == before


@pytest.mark.django_db
def test_saving_a_new_draft_moves_nothing(site):
    draft = make_article(site, "Draft", live=False)
    before = number()
    for index in range(10):
        draft.title = f"Draft {index}"
        draft.save()
    assert number() == before


@pytest.mark.django_db
def test_login_moves_nothing(client, site, django_user_model):
    user = django_user_model.objects.create_user("ann", "ann@example.org", "secret")
    before = number()
    client.force_login(user)
    user.save()
    assert number() == before


@pytest.mark.django_db
def test_changes_that_commit_in_another_order_still_change_the_number():
    newer = Change.objects.create(pk=500)
    before = number()
    Change.objects.create(pk=499)
    assert number() != before
    assert newer.pk == 500


@pytest.mark.django_db
def test_old_rows_are_dropped(monkeypatch):
    monkeypatch.setattr(generation, "KEPT_CHANGES", 10)
    for _index in range(35):
        generation.bump()
    assert Change.objects.count() <= 20


@pytest.mark.django_db
def test_what_no_reader_sees_moves_nothing(site):
    before = number()
    Enquiry.objects.create(email="a@b.example", language="en")
    Session.objects.create(session_key="x", session_data="", expire_date=timezone.now())
    assert number() == before


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["publish", "unpublish", "move", "delete", "topic", "restrict"])
def test_every_act_that_readers_see_moves_it(site, act):
    from wagtail.models import PageViewRestriction

    article = make_article(site)
    before = number()
    if act == "publish":
        article.save_revision().publish()
    elif act == "unpublish":
        article.unpublish()
    elif act == "move":
        article.move(site.news["cy"], pos="last-child")
    elif act == "delete":
        article.delete()
    elif act == "topic":
        site.topic.name = "Rules"
        site.topic.save()
    else:
        PageViewRestriction.objects.create(page=article, restriction_type="password", password="x")
    assert number() != before


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_rolled_back_change_is_forgotten():
    calls = []

    @generation.per_generation
    def answer():
        calls.append(1)
        return len(calls)

    site = make_site()
    first = answer()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        site.topic.save()
        inside = answer()
        raise ZeroDivisionError
    assert inside != first
    assert answer() == first


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_commit_shows_new_content_to_everybody_at_once(client):
    site = make_site()
    article = make_article(site, "Old title")
    assert b"Old title" in client.get("/").content
    article.title = "New title"
    article.save_revision().publish()
    for address in ("/", "/news/", "/news/topics/policy/", "/news/old-title/"):
        html = client.get(address).content
        assert b"New title" in html
        assert b"Old title" not in html


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_process_killed_before_it_told_the_others_is_found_out():
    make_site()
    seen = generation.current()
    Change.objects.create()
    generation._shared.next_poll = 0
    assert generation.current() != seen


@pytest.mark.django_db
def test_many_changes_of_a_transaction_are_followed_once(monkeypatch, django_capture_on_commit_callbacks):
    followed = []
    monkeypatch.setattr(generation._shared, "follow", lambda: followed.append(number()))
    for _transaction in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            for _index in range(5):
                generation.bump()
    assert followed == [*dict.fromkeys(followed)]
    assert len(followed) == 2


@pytest.mark.django_db
def test_the_day_ends_where_the_site_is_and_not_where_an_editor_is():
    ends = due.outlook()
    for zone in ("America/Los_Angeles", "Asia/Tokyo"):
        with timezone.override(zone):
            assert due.outlook() == ends
