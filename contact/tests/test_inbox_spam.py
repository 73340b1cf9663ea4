"""What people take for spam, and what they take back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contact import privacy
from contact.models import Enquiry
from contact.tests.inbox import enquiry_from, person
from portal import roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def press(client, site):
    """Return a function that presses a button on the page of an enquiry, as an editor, and reads the enquiry anew."""
    client.force_login(person("editor", roles.EDITORS))

    def press(enquiry, action, **data):
        response = client.post(reverse("enquiry_inbox:show", args=[enquiry.pk]), {"action": action} | data, follow=True)
        assert response.status_code == 200
        enquiry.refresh_from_db()
        return response

    return press


def test_what_a_person_took_for_spam_is_kept_as_long_as_what_came_as_spam(press, settings):
    settings.KEEP_SPAM_DAYS = 30
    long_ago, recently = (timezone.now() - timedelta(days=days) for days in (60, 29))
    enquiry = enquiry_from("A long affair", state="answered")
    came_as_spam = enquiry_from("Buy", state="spam")
    Enquiry.objects.update(received_on=long_ago)
    press(enquiry, "hold")
    assert privacy.expire() == 1
    assert not Enquiry.objects.filter(pk=came_as_spam.pk).exists()
    enquiry.thread.update(created=recently)
    assert privacy.expire() == 0
    enquiry.thread.update(created=long_ago)
    assert privacy.expire() == 1
