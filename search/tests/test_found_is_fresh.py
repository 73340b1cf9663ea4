"""What readers find may change when nothing that they see was saved: then too, no kept answer may outlive it."""

import pytest

from delivery import generation
from search import follow, spelling
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_task_that_follows_a_renamed_topic_moves_the_generation(site):
    article = make_article(site, "The plan", topics=[site.topic])
    site.topic.name = "Harbours"
    site.topic.save()
    before = generation.table_number()
    follow.refresh_pages.call([article.pk])
    assert generation.table_number() != before


def test_a_task_that_finds_nothing_new_moves_nothing(site):
    article = make_article(site, "The plan")
    follow.refresh_pages.call([article.pk])
    before = generation.table_number()
    follow.refresh_pages.call([article.pk])
    assert generation.table_number() == before


def test_new_words_that_may_be_suggested_move_the_generation_once(site):
    before = generation.table_number()
    spelling.learn_texts([("en", "Unheard words", "")])
    moved = generation.table_number()
    assert moved != before
    spelling.learn_texts([("en", "Unheard words", "")])
    assert generation.table_number() == moved
