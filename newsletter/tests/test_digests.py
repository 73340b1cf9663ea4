"""Digests make their issues when their time has come, once, of what nobody has had yet."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import Locale, Page

from delivery import generation
from news.models import ArticlePage
from newsletter import digests, sending
from newsletter.models import Digest, Issue, Subscriber
from newsletter.rendering import Edition
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LONDON = ZoneInfo("Europe/London")


def digest(frequency, language="en", **fields):
    locale = Locale.objects.get(language_code=language)
    values = {"is_on": True, "subject": "News", "since": timezone.now() - timedelta(days=40)} | fields
    return Digest.objects.create(locale=locale, frequency=frequency, **values)


def published(site, title, ago, **fields):
    article = make_article(site, title, **fields)
    Page.objects.filter(pk=article.pk).update(first_published_at=timezone.now() - ago)
    return article


def titles(issue):
    return [entry.article.title for entry in issue.articles.order_by("sort_order")]


def test_weekly_digest_has_what_was_published_since_the_last_one(site):
    published(site, "Older", timedelta(days=30))
    published(site, "Newer", timedelta(days=20))
    published(site, "Welsh", timedelta(days=20), language="cy", topics=[])
    weekly = digest("weekly")
    assert digests.assemble_due() == 1
    assert digests.assemble_due() == 0
    issue = Issue.objects.get()
    assert (titles(issue), issue.state, issue.frequency, issue.digest) == (
        ["Older", "Newer"],
        "draft",
        "weekly",
        weekly,
    )


@pytest.mark.parametrize(
    ("frequency", "now", "last"),
    [
        ("weekly", datetime(2026, 10, 28, 9, tzinfo=LONDON), datetime(2026, 10, 26, 8, tzinfo=LONDON)),
        ("weekly", datetime(2026, 10, 26, 7, 59, tzinfo=LONDON), datetime(2026, 10, 19, 8, tzinfo=LONDON)),
        ("monthly", datetime(2026, 3, 1, 8, tzinfo=LONDON), datetime(2026, 3, 1, 8, tzinfo=LONDON)),
        ("monthly", datetime(2026, 3, 1, 7, tzinfo=LONDON), datetime(2026, 2, 1, 8, tzinfo=LONDON)),
    ],
)
def test_it_closes_at_its_local_hour_also_across_the_change_of_the_clocks(site, frequency, now, last):
    assert digests.closes(digest(frequency, since=now - timedelta(days=60)), now) == last


def test_each_article_is_mailed_after_its_delay_by_itself(site):
    Subscriber.objects.create(
        email="a@example.org", address_key="a", language="en", frequency="each", state=Subscriber.State.ACTIVE
    )
    published(site, "Just now", timedelta(minutes=2))
    published(site, "A while ago", timedelta(minutes=20))
    digest("each", is_reviewed=False)
    assert digests.assemble_due() == 1
    assert [message.subject for message in mail.outbox] == ["News: A while ago"]
    assert Issue.objects.get().state == "sent"


def test_nothing_published_makes_no_issue_and_a_new_digest_begins_now(site):
    published(site, "Old", timedelta(days=3))
    digest("weekly", since=None)
    assert digests.assemble_due() == 0
    assert not Issue.objects.exists()
    assert Digest.objects.get().since is not None


def test_unpublished_private_and_switched_off_are_left_out(site):
    published(site, "Gone", timedelta(days=20)).unpublish()
    digest("weekly")
    digest("monthly", is_on=False)
    assert digests.assemble_due() == 0


def test_subject_that_a_digest_made_of_a_title_follows_its_correction(site):
    def publish(article, title):
        article = ArticlePage.objects.get(pk=article.pk)
        article.title = title
        article.save_revision().publish()

    long, new = "Minister resigns " * 9, "Minister does not resign"
    article = published(site, long, timedelta(minutes=20))
    publish(article, long)
    digest("each")
    assert digests.assemble_due() == 1
    publish(article, new)
    assert Issue.objects.get().subject == f"News: {new}"
    sending.schedule(Issue.objects.get(), timezone.now() + timedelta(days=1))
    publish(article, "Minister stays")
    assert Issue.objects.get().subject == "News: Minister stays"
    Issue.objects.update(subject="Ministers stay")
    publish(article, "Ministers go")
    assert Issue.objects.get().subject == "Ministers stay"
    Issue.objects.update(subject="News: Ministers go", state="sent")
    publish(article, new)
    assert Issue.objects.get().subject == "News: Ministers go"


def unpublish_the_front_page(site, settings):
    site.homes["cy"].unpublish()


def take_the_language_off(site, settings):
    settings.LANGUAGES = [(code, name) for code, name in settings.LANGUAGES if code != "cy"]
    generation.forget()


@pytest.mark.parametrize("close", [unpublish_the_front_page, take_the_language_off])
def test_language_that_readers_cannot_reach_is_mailed_nothing(site, settings, close):
    published(site, "Ymateb", timedelta(days=20), language="cy", topics=[])
    Subscriber.objects.create(
        email="a@example.org", address_key="a", language="cy", frequency="weekly", state=Subscriber.State.ACTIVE
    )
    digest("weekly", "cy")
    assert digests.assemble_due() == 1
    issue = Issue.objects.get()
    assert "/cy/newyddion/ymateb/" in Edition(issue).parts().text
    close(site, settings)
    assert Edition(issue).articles == []
    digest("each", "cy", is_reviewed=False)
    assert digests.assemble_due() == 0
    # Nor are they when the language is back: nobody is sent an archive.
    assert Digest.objects.get(frequency="each").since > timezone.now() - timedelta(days=1)
    assert not mail.outbox
