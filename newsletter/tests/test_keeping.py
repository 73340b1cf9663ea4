"""What an issue was made for cannot be deleted under it: nobody is mailed who did not ask for that."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from news.models import Topic
from newsletter import sending
from newsletter.models import Digest, Issue
from newsletter.tests.editing import make_issue, sign_in
from newsletter.tests.test_sending import subscriber
from portal import roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def quantum(site):
    """A topic in one language."""
    return Topic.objects.create(name="Quantum", slug="quantum", locale=site.home.locale)


@pytest.fixture
def digest(site):
    return Digest.objects.create(locale=site.home.locale, frequency="weekly", subject="This week")


def delete(client, *topics):
    if len(topics) == 1:
        return client.post(reverse("wagtailsnippets_news_topic:delete", args=[topics[0].pk]), follow=True)
    chosen = "&".join(f"id={topic.pk}" for topic in topics)
    return client.post(f"/admin/bulk/news/topic/delete/?{chosen}", follow=True)


def test_scheduled_issue_for_a_topic_goes_to_nobody_else(client, site, quantum, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    sign_in(client, roles.EDITORS)
    subscriber(1, topics=[str(quantum.translation_key)])
    subscriber(2, topics=[str(site.topic.translation_key)])
    issue = make_issue(topic=quantum, greeting="<p>Dear friends of quanta</p>")
    sending.schedule(issue, timezone.now() - timedelta(minutes=1))
    assert "so it stays: Quantum" in delete(client, quantum).content.decode()
    assert sending.start_due() == 1
    assert [message.to for message in mail.outbox] == [["reader-1@example.org"]]


@pytest.mark.parametrize("state", [Issue.State.DRAFT, Issue.State.SENT])
def test_topic_stays_while_an_issue_has_it(client, quantum, state):
    sign_in(client, roles.EDITORS)
    issue = make_issue(topic=quantum, state=state)
    other = Topic.objects.create(name="Other", slug="other", locale=quantum.locale)
    assert "so it stays: Quantum" in delete(client, quantum, other).content.decode()
    for rows in (quantum, Topic.objects.all()):
        with pytest.raises(ProtectedError, match="Quantum"), transaction.atomic():
            rows.delete()
    assert Topic.objects.filter(pk__in=[quantum.pk, other.pk]).count() == 2
    issue.delete()
    delete(client, quantum)
    assert not Topic.objects.filter(pk=quantum.pk).exists()


def test_translation_that_is_left_takes_the_issues_of_a_topic_over(client, site, quantum):
    sign_in(client, roles.EDITORS)
    welsh, arabic = (quantum.copy_for_translation(home.locale) for code, home in site.homes.items() if code != "en")
    welsh.save()
    arabic.save()
    issue = make_issue(topic=quantum)
    delete(client, quantum, welsh)
    issue.refresh_from_db()
    assert issue.topic == arabic
    assert "so it stays" in delete(client, arabic).content.decode()


def test_digest_stays_while_an_issue_of_it_does(client, site, digest):
    sign_in(client, roles.EDITORS)
    issue = make_issue(digest=digest)
    address = reverse("newsletter_digest:delete", args=[digest.pk])
    assert "made by this digest" in client.post(address, follow=True).content.decode()
    with pytest.raises(ProtectedError), transaction.atomic():
        Digest.objects.all().delete()
    issue.refresh_from_db()
    assert issue.digest == digest
    issue.delete()
    client.post(address)
    assert not Digest.objects.exists()
