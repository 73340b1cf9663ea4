"""What people take for spam, and what they take back."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.urls import reverse
from django.utils import timezone

from contact import mailing, privacy
from contact.inbox import answers
from contact.models import Department, Enquiry
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


def mails(enquiry):
    return sorted(enquiry.thread.exclude(mail=None).values_list("kind", flat=True))


@pytest.fixture
def known(press):
    """An enquiry of which sender and team were told."""
    enquiry = enquiry_from("Hello", department=Department.objects.create(name="Press", recipients="p@portal.example"))
    mailing.acknowledge(enquiry)
    mailing.notify(enquiry)
    return enquiry


@pytest.mark.parametrize("answer", [{"action": "reply", "seen": "0", "reply": "Dear reader"}, {"action": "close"}])
def test_what_was_answered_is_answered_again_and_nobody_is_mailed_twice(press, known, answer):
    press(known, **answer)
    before = mails(known)
    press(known, "hold")
    assert "This is not spam." in press(known, "rescue").content.decode()
    assert (known.state, mails(known)) == ("answered", before)


def test_what_waited_waits_again_and_nobody_is_mailed_twice(press, known):
    press(known, "close")
    press(known, "reopen")
    press(known, "hold")
    html = press(known, "rescue").content.decode()
    assert "go out now" not in html
    assert (known.state, mails(known)) == ("new", ["acknowledgement", "notification"])


def test_what_the_sender_wrote_while_it_was_held_is_not_taken_for_answered(press, known):
    press(known, "close")
    press(known, "hold")
    message = EmailMessage()
    message["From"], message["Subject"] = known.email, f"Re: [{known.reference}]"
    message.set_content("I am a person.")
    assert answers.take(message)
    press(known, "rescue")
    assert (known.state, mails(known)) == ("new", ["acknowledgement", "notification"])


def test_only_the_mail_that_was_kept_back_goes_out(press):
    enquiry = enquiry_from("Hello", department=Department.objects.create(name="Press", recipients="p@portal.example"))
    mailing.acknowledge(enquiry)
    press(enquiry, "hold")
    assert "go out now" in press(enquiry, "rescue").content.decode()
    assert (enquiry.state, mails(enquiry)) == ("new", ["acknowledgement", "notification"])


def test_a_reply_was_acknowledgement_enough(press):
    enquiry = enquiry_from("Hello")
    press(enquiry, "reply", seen="0", reply="Dear reader")
    press(enquiry, "reopen")
    press(enquiry, "hold")
    press(enquiry, "rescue")
    assert (enquiry.state, mails(enquiry)) == ("new", ["reply"])


def test_a_team_to_which_it_was_moved_while_it_was_held_is_told(press, known):
    press(known, "hold")
    press(known, "move", department=Department.objects.create(name="Board", recipients="b@portal.example").pk)
    press(known, "rescue")
    told = known.thread.filter(kind="notification").values_list("mail__recipients", flat=True)
    assert sorted(told) == ["b@portal.example", "p@portal.example"]
