"""The numbers of an issue: each mail in one state, and what came of it beside that."""

import pytest

from news.models import Topic
from newsletter.admin import figures
from newsletter.models import Delivery, Digest, Issue
from newsletter.tests.test_sending import issue_with, subscriber
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
STATES = ["sent"] * 4 + ["refused"] * 2 + ["in_doubt", "left_out", "waiting", "sending"]


@pytest.fixture
def issue(site):
    issue = issue_with()
    rows = [Delivery(issue=issue, message_id=f"<{n}@localhost>", state=state) for n, state in enumerate(STATES)]
    Delivery.objects.bulk_create(rows)
    Delivery.objects.filter(message_id="<0@localhost>").update(has_bounced=True)
    Delivery.objects.filter(message_id__in=["<1@localhost>", "<2@localhost>"]).update(has_unsubscribed=True)
    Delivery.objects.filter(message_id="<2@localhost>").update(has_complained=True)
    return issue


def test_figures_say_what_became_of_each_mail(issue, django_assert_num_queries):
    with django_assert_num_queries(1):
        numbers = figures.of(issue)
    assert numbers == {
        "total": 10,
        "sent": 4,
        "refused": 2,
        "in_doubt": 1,
        "left_out": 1,
        "waiting": 1,
        "sending": 1,
        "bounced": 1,
        "complained": 1,
        "unsubscribed": 2,
    }
    assert figures.done(numbers) == 8
    assert figures.progress_in_words(numbers) == ("8 of 10 mails are done: 4 sent, 2 refused, 1 in doubt, 1 left out.")


def test_figures_of_one_issue_are_not_those_of_another(issue):
    other = issue_with()
    Delivery.objects.create(issue=other, message_id="<other@localhost>", state="sent")
    listed = {row.pk: (row.number_sent, row.number_refused, row.number_in_doubt) for row in listed_issues()}
    assert listed == {issue.pk: (4, 2, 1), other.pk: (1, 0, 0)}


def listed_issues():
    return figures.with_figures(Issue.objects.all())


def test_number_of_recipients_follows_language_frequency_and_topic(site):
    topic = str(site.topic.translation_key)
    subscriber(1, frequency="weekly")
    subscriber(2, frequency="monthly", topics=[topic])
    subscriber(3, frequency="monthly", topics=["00000000-0000-4000-8000-000000000000"])
    subscriber(4, language="cy")
    subscriber(5, state="pending")
    assert figures.number_of_recipients(issue_with()) == 3
    assert figures.number_of_recipients(issue_with(frequency="monthly")) == 2
    assert figures.number_of_recipients(issue_with(topic=site.topic)) == 2
    assert figures.number_of_recipients(issue_with(topic=site.topic, frequency="monthly")) == 1


def test_number_of_recipients_leaves_out_who_chose_topics_that_no_article_is_about(site, django_assert_num_queries):
    quantum = Topic.objects.create(name="Quantum", slug="quantum", locale=site.home.locale)
    for number in range(4):
        subscriber(number, topics=[str((quantum if number else site.topic).translation_key)])
    subscriber(4)
    article = make_article(site, "About policy")
    assert figures.number_of_recipients(issue_with(article)) == 2
    assert figures.number_of_recipients(issue_with(article, topic=quantum)) == 1
    assert figures.number_of_recipients(issue_with(article, greeting="<p>Hello</p>")) == 5
    digest = Digest.objects.create(locale=site.home.locale, frequency="weekly", subject="This week")
    made = issue_with(article, greeting="<p>Hello</p>", digest=digest)
    with django_assert_num_queries(4):
        assert figures.number_of_recipients(made) == 2
    article.unpublish()
    assert figures.number_of_recipients(made) == 0
