"""The content generation: moved by what readers see, not by drafts, and seen at once."""

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from contact.models import Enquiry
from delivery import generation
from delivery.models import Generation
from tests.factories import make_article, make_site

pytestmark = [pytest.mark.database]


def number():
    return Generation.objects.values_list("number", flat=True).first() or 0


@pytest.mark.django_db
def test_a_hundred_autosaves_move_nothing(site):
    article = make_article(site)
    before = number()
    for index in range(100):
        article.title = f"Draft {index}"
        article.save_revision()
    assert number() == before


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
    assert number() > before


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
    Generation.objects.update(number=number() + 1)
    generation._shared.next_poll = 0
    assert generation.current() != seen
