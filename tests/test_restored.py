"""A site that was restored from a backup mails nobody by itself what went out since."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from core import mail
from core.models import QueuedMail
from newsletter import digests, sending
from newsletter.models import Delivery, Digest, Issue
from newsletter.tests.test_digests import digest, published
from newsletter.tests.test_sending import issue_with, subscriber
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
AN_HOUR = timedelta(hours=1)
SAID = """Scheduled issues that are drafts now: {}
Issues being sent that are stopped now: {}
Digests that are off now: {}
Waiting mails that are given up: {}
"""


@pytest.fixture
def waiting(site, settings):
    """What is still to be mailed at the time of the backup: two issues, a digest and a mail to one person."""
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.NEWSLETTER_PER_MINUTE = 0
    reader = subscriber(1, frequency="weekly")
    sending.schedule(issue_with(make_article(site, "Scheduled")), timezone.now() - AN_HOUR)
    under_way = issue_with(make_article(site, "Under way"))
    Delivery.objects.create(issue=under_way, subscriber=reader, message_id="<7@example.org>")
    Issue.objects.filter(pk=under_way.pk).update(state="sending", held_until=timezone.now() - AN_HOUR)
    published(site, "Newer", timedelta(days=20))
    digest("weekly", is_reviewed=False)
    letter = EmailMessage("To one", "Words", "us@example.org", ["one@example.org"]).message()
    return QueuedMail.objects.create(sender="us@example.org", recipients="one@example.org", raw=letter.as_bytes())


def go_out(letter):
    """Do what scheduler and worker do; return how many mails that made."""
    before = len(outgoing.outbox)
    for due in (sending.start_due, digests.assemble_due, sending.resume):
        due()
    mail.deliver.func(letter.pk)
    return len(outgoing.outbox) - before


def restored():
    said = StringIO()
    call_command("restored", stdout=said)
    return said.getvalue()


def test_nothing_is_mailed_again_until_a_person_says_so(waiting):
    with transaction.atomic():
        assert go_out(waiting) == 4
        # The database is as in the backup again.
        transaction.set_rollback(True)
    assert restored() == SAID.format(1, 1, 1, 1)
    assert go_out(waiting) == 0
    assert set(Issue.objects.values_list("state", "send_at")) == {("draft", None), ("stopped", None)}
    waiting.refresh_from_db()
    assert (waiting.state, bytes(waiting.raw)) == ("given_up", b"")
    assert restored() == SAID.format(0, 0, 0, 0)
    assert not Digest.objects.filter(is_on=True)
    sending.go_on(Issue.objects.get(state="stopped"))
    assert len(outgoing.outbox) == 5
