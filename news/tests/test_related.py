"""Which articles a reader is led on to, and what finding them costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import Topic
from news.models.related import related
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def topics(site):
    return [Topic.objects.create(name=name, slug=name.lower(), locale=site.home.locale) for name in ("One", "Two")]


def ages(site, *kinds):
    """Make articles with these topics, each a day older than the one before."""
    now = timezone.now()
    return [
        make_article(site, f"Article {number}", topics=some, published_on=now - timedelta(days=number))
        for number, some in enumerate(kinds)
    ]


def found(site, topics, exclude=(), count=3):
    rows = related(site.news["en"].pk, [topic.translation_key for topic in topics], list(exclude), count)
    return [row.pk for row in rows]


def test_those_that_share_most_topics_come_first_then_the_newest(site, topics):
    one, two = topics
    newest, with_one, with_both, old = ages(site, [], [one], [one, two], [])
    assert found(site, topics) == [with_both.pk, with_one.pk, newest.pk]
    assert found(site, [two]) == [with_both.pk, newest.pk, with_one.pk]
    assert found(site, [], exclude=[newest.pk]) == [with_one.pk, with_both.pk, old.pk]


def test_articles_with_known_topics_cost_no_query(site, topics):
    ages(site, *([topic] for topic in topics * 3))
    found(site, topics)
    with CaptureQueriesContext(connection) as queries:
        assert len(found(site, topics[:1])) == len(found(site, topics[1:])) == 3
    assert len(queries) == 0


def test_topics_nobody_asked_for_yet_cost_two_queries_however_many(site, topics):
    ages(site, *([topic] for topic in topics * 3))
    with CaptureQueriesContext(connection) as queries:
        found(site, topics)
    assert len(queries) == 2


def test_what_is_published_or_withdrawn_is_seen_at_once(site, topics):
    first, second = ages(site, topics, topics)
    assert found(site, topics) == [first.pk, second.pk]
    first.unpublish()
    assert found(site, topics) == [second.pk]
    newest = make_article(site, "Newest", topics=topics)
    assert found(site, topics) == [newest.pk, second.pk]
