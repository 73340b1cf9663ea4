"""Queries on a page of 100 blocks and 8,000 words stay few; each number is a promise, with a reserve."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail_localize.models import StringSegment

from translation import sources
from translation.tests.pages import edit, long_article, submitted, translate_all

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def counted(action):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = action()
    return len(queries), result


def test_submitting_takes_less_than_400_queries(site):
    article = long_article(site)
    count, translation = counted(lambda: submitted(article))
    words = sum(len(text.split()) for text in StringSegment.objects.values_list("string__data", flat=True))
    assert words > 8_000
    assert translation.get_progress()[0] > 200
    assert count < 400
    print(count)


def test_bringing_a_source_up_to_date_takes_less_than_300_queries(site, django_capture_on_commit_callbacks):
    article = long_article(site)
    translation = submitted(article)
    translate_all(translation)
    body = article.body.get_prep_value()
    for block in body:
        if block["type"] == "heading":
            block["value"]["text"] += " more"
    edit(article, body=article.body.stream_block.to_python(body))
    count, (filled, reviews) = counted(lambda: sources.bring_up_to_date(translation.source))
    assert (filled, reviews) == (0, 25)
    assert count < 300
    print(count)
