"""Mail: through the task queue, over a real SMTP server that is not always there."""

import asyncio
from email import message_from_bytes, policy
from email.utils import parseaddr

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from core import letters
from core.mail import deliver, queue
from core.models import QueuedMail
from tests.mail_server import Controller

pytestmark = pytest.mark.django_db


class Inbox:
    """An SMTP handler that keeps what it gets."""

    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0)
        self.messages.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 Kept"


@pytest.fixture
def smtp(settings):
    server = Controller(Inbox())
    settings.EMAIL_BACKEND = "core.mail.QueuedEmailBackend"
    settings.MAIL_TRANSPORT = "core.transport.SMTPBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 10
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return server


def send(subject="Croeso â chi"):
    message = EmailMultiAlternatives(
        subject, "Plain ŵ ŷ", "portal@example.org", ["reader@example.org"], bcc=["b@example.org"]
    )
    message.attach_alternative("<p>Rich</p>", "text/html")
    message.send()


def test_message_arrives_whole(smtp):
    smtp.start()
    try:
        send()
    finally:
        smtp.stop()
    [(sender, recipients, content)] = smtp.handler.messages
    assert sender == "portal@example.org"
    assert recipients == ["reader@example.org", "b@example.org"]
    assert b"text/html" in content
    assert b"Bcc" not in content


@override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}})
def test_server_that_is_down_delays_the_mail_and_loses_none(smtp):
    send()
    waiting = DBTaskResult.objects.get()
    deliver.func(*waiting.args_kwargs["args"])
    again = DBTaskResult.objects.exclude(pk=waiting.pk).get()
    assert again.run_after is not None
    row = QueuedMail.objects.get()
    assert (row.state, row.attempts, row.trouble) == ("waiting", 1, "ConnectionRefusedError")
    smtp.start()
    try:
        deliver.func(*again.args_kwargs["args"])
    finally:
        smtp.stop()
    assert len(smtp.handler.messages) == 1
    row.refresh_from_db()
    assert (row.state, bytes(row.raw)) == ("sent", b"")


@override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}})
@pytest.mark.parametrize(
    ("answers", "state", "trouble"),
    [
        ({"RCPT": "550 5.1.1 No such reader@example.org"}, "refused", "550 5.1.1"),
        ({"RCPT": "450 4.2.1 Later"}, "waiting", "450 4.2.1"),
        ({"DATA": "554 5.7.1 Not this"}, "refused", "554 5.7.1"),
        ({"DATA": "451 Busy"}, "waiting", "451"),
        ({"MAIL": "550 5.7.1 Not from there"}, "waiting", "550 5.7.1"),
    ],
)
def test_answer_of_the_server_decides_and_its_words_are_not_kept(smtp, answers, state, trouble):
    async def handle_RCPT(server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return answers.get("RCPT", "250 Ok")

    async def handle_MAIL(server, session, envelope, address, options):
        envelope.mail_from = address
        return answers.get("MAIL", "250 Ok")

    async def handle_DATA(server, session, envelope):
        return answers.get("DATA", "250 Ok")

    for handle in (handle_RCPT, handle_MAIL, handle_DATA):
        setattr(smtp.handler, handle.__name__, handle)
    smtp.start()
    try:
        send()
        deliver.func(*DBTaskResult.objects.get().args_kwargs["args"])
    finally:
        smtp.stop()
    row = QueuedMail.objects.get()
    assert (row.state, row.trouble) == (state, trouble)


def test_reports_go_to_another_address_than_people_see(smtp, site, settings):
    settings.MAIL_BOUNCES, settings.MAIL_ADDRESS = "bounces@example.org", "portal@example.org"
    smtp.start()
    try:
        queue(letters.write("contact/mail/acknowledgement", "cy", {"reference": "K7M2-9QPA"}, "reader@example.org"))
        deliver.func(QueuedMail.objects.get().pk)
    finally:
        smtp.stop()
    [(sender, _recipients, content)] = smtp.handler.messages
    message = message_from_bytes(content, policy=policy.default)
    assert sender == "bounces@example.org"
    assert str(message["From"]) == letters.sender("cy")
    assert message["From"].addresses[0].addr_spec == "portal@example.org"


def test_readers_see_the_organisation_and_staff_the_name_that_the_operator_gave(client, site, settings):
    settings.DEFAULT_FROM_EMAIL, settings.MAIL_ADDRESS = '"Newsroom, Press" <news@example.org>', "news@example.org"
    assert parseaddr(letters.sender("en")) == (letters.frame("en")["organisation"], "news@example.org")
    use_queue(settings)
    get_user_model().objects.create_superuser("ed", "ed@example.org", "secret")
    client.post("/admin/password_reset/", {"email": "ed@example.org"})
    assert mail.outbox[0].from_email == settings.DEFAULT_FROM_EMAIL


def use_queue(settings):
    settings.EMAIL_BACKEND = "core.mail.QueuedEmailBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


def test_password_reset_is_mailed_through_the_queue(client, site, settings):
    use_queue(settings)
    get_user_model().objects.create_superuser("ed", "ed@example.org", "secret")
    client.post("/admin/password_reset/", {"email": "ed@example.org"})
    [message] = mail.outbox
    assert "/admin/password_reset/confirm/" in message.body


def test_new_colleague_is_invited_and_chooses_a_password(admin_client, client, site, settings):
    use_queue(settings)
    fields = {"username": "new", "email": "new@example.org", "first_name": "Nia", "last_name": "Rees"}
    admin_client.post("/admin/users/new/", fields)
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    assert "Nia" in message.body
    address = next(word for word in message.body.split() if "/admin/password_reset/confirm/" in word)
    form = client.get(address.replace("http://localhost", ""), follow=True)
    password = {"new_password1": "a-long-phrase-9", "new_password2": "a-long-phrase-9"}
    client.post(form.request["PATH_INFO"], password)
    assert get_user_model().objects.get(username="new").check_password("a-long-phrase-9")


def test_who_opens_the_invitation_too_late_gets_another_link(admin_client, client, site, settings):
    use_queue(settings)
    fields = {"username": "new", "email": "new@example.org", "first_name": "Nia", "last_name": "Rees"}
    admin_client.post("/admin/users/new/", fields)
    mail.outbox.clear()
    client.post("/admin/password_reset/", {"email": "new@example.org"})
    [message] = mail.outbox
    assert message.to == ["new@example.org"]
    assert "/admin/password_reset/confirm/" in message.body


def test_two_accounts_cannot_share_an_address(admin_client, site):
    get_user_model().objects.create_user("first", "same@example.org", "x")
    response = admin_client.post(
        "/admin/users/new/", {"username": "b", "email": "same@example.org", "first_name": "B", "last_name": "C"}
    )
    assert b"already has this e-mail address" in response.content
