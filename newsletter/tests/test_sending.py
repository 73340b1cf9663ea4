"""An issue reaches each subscriber once, whatever the mail server and the workers do."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Locale

from core import addresses, pictures, transport
from core.models import Image
from newsletter import holding, rendering, sending
from newsletter.models import Delivery, Issue, IssueArticle, Subscriber, Suppression
from tests.factories import make_article, make_image
from tests.mail_server import Controller

pytestmark = [pytest.mark.django_db, pytest.mark.database]
QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
State = Delivery.State


@pytest.fixture(autouse=True)
def transport_in_memory(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.NEWSLETTER_PER_MINUTE = 0


def subscriber(number, **fields):
    email = fields.pop("email", f"reader-{number}@example.org")
    values = {"language": "en", "state": Subscriber.State.ACTIVE, "address_key": addresses.key(email)} | fields
    return Subscriber.objects.create(email=email, **values)


def issue_with(*articles, **fields):
    issue = Issue.objects.create(locale=Locale.objects.get(language_code="en"), subject="Autumn news", **fields)
    IssueArticle.objects.bulk_create(IssueArticle(issue=issue, article=article) for article in articles)
    return issue


def states(issue):
    return sorted(issue.deliveries.values_list("state", flat=True))


def run(issue):
    """Do what the worker does, until nothing is queued for now."""
    DBTaskResult.objects.ready().filter(task_path=sending.send.module_path).delete()
    sending.send.func(issue.pk)


def test_issue_reaches_every_active_subscriber_of_the_language_once(site):
    article = make_article(site, "A new plan")
    for number in range(3):
        subscriber(number)
    subscriber(7, state=Subscriber.State.PENDING)
    subscriber(8, language="cy")
    issue = issue_with(article)
    assert sending.start(issue)
    assert not sending.start(issue)
    assert sending.resume() == 0
    assert sorted(message.to[0] for message in mail.outbox) == [f"reader-{number}@example.org" for number in range(3)]
    issue.refresh_from_db()
    assert (issue.state, states(issue)) == ("sent", ["sent"] * 3)


def test_mail_has_what_programs_need_to_unsubscribe(site):
    article = make_article(site, "A new plan")
    reader = subscriber(1)
    issue = issue_with(article, greeting='<p>See <a href="/about/">who we are</a>.</p>')
    sending.start(issue)
    [message] = mail.outbox
    headers = message.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http://localhost/newsletter/leave/")
    assert headers["Message-ID"] == issue.deliveries.get().message_id
    html = message.alternatives[0][0]
    for text in (message.body, html):
        assert "http://localhost/news/a-new-plan/" in text
        assert "http://localhost/about/" in text
        assert "\ue000" not in text
        assert headers["List-Unsubscribe"].strip("<>") in text
    assert 'lang="en" dir="ltr"' in html
    assert reader.email not in message.body + html


def test_subscriber_gets_the_articles_of_the_chosen_topics_only(site):
    make_article(site, "Without a topic", topics=[])
    policy, other = make_article(site, "About policy"), make_article(site, "About nothing", topics=[])
    subscriber(1, topics=[str(site.topic.translation_key)])
    subscriber(2)
    subscriber(3, topics=["00000000-0000-0000-0000-000000000000"])
    issue = issue_with(policy, other)
    sending.start(issue)
    by_address = {message.to[0]: message.body for message in mail.outbox}
    assert "About policy" in by_address["reader-1@example.org"]
    assert "About nothing" not in by_address["reader-1@example.org"]
    assert "About nothing" in by_address["reader-2@example.org"]
    assert states(issue) == ["left_out", "sent", "sent"]


def test_what_is_not_public_any_more_is_not_mailed(site):
    kept, gone = make_article(site, "Stays"), make_article(site, "Goes")
    subscriber(1)
    issue = issue_with(kept, gone)
    gone.unpublish()
    sending.start(issue)
    assert "Goes" not in mail.outbox[0].body


def test_many_mails_are_rendered_once_and_cost_the_same_each(site, django_assert_max_num_queries, monkeypatch):
    article = make_article(site, "A new plan")
    for number in range(30):
        subscriber(number)
    issue = issue_with(article)
    made = []
    render = rendering.render_to_string
    monkeypatch.setattr(rendering, "render_to_string", lambda *args: made.append(args[0]) or render(*args))
    # Four for each mail: the hold, the subscriber, two marks; and what it takes to begin and to end.
    with django_assert_max_num_queries(30 * 4 + 60):
        sending.start(issue)
    assert len(mail.outbox) == 30
    assert made == ["newsletter/mail/issue.txt", "newsletter/mail/issue.html"]


@override_settings(TASKS=QUEUE)
def test_mail_in_the_hands_of_a_dead_worker_is_in_doubt_and_sent_again_by_a_person_only(site):
    article = make_article(site, "A new plan")
    for number in range(3):
        subscriber(number)
    issue = issue_with(article)
    sending.start(issue)
    # A worker took the issue, began with the first mail, and was killed.
    assert holding.take(issue.pk)
    first = issue.deliveries.order_by("pk").first()
    Delivery.objects.filter(pk=first.pk).update(state=State.SENDING)
    run(issue)
    assert not mail.outbox
    assert sending.resume() == 0
    Issue.objects.update(held_until=timezone.now() - timedelta(minutes=2))
    assert sending.resume() == 1
    run(issue)
    assert states(issue) == ["in_doubt", "sent", "sent"]
    assert first.subscriber.email not in [message.to[0] for message in mail.outbox]
    assert sending.send_again(first)
    assert not sending.send_again(first)
    run(issue)
    assert states(issue) == ["sent"] * 3
    assert mail.outbox[-1].extra_headers["Message-ID"] == first.message_id


@override_settings(TASKS=QUEUE)
def test_worker_whose_hold_was_taken_over_sends_nothing_more(site, monkeypatch):
    article = make_article(site, "A new plan")
    for number in range(3):
        subscriber(number)
    issue = issue_with(article)
    sending.start(issue)
    real = transport.Connection.send

    def slow(self, message):
        real(self, message)
        Issue.objects.update(holder="another")

    monkeypatch.setattr(transport.Connection, "send", slow)
    run(issue)
    assert len(mail.outbox) == 1


@override_settings(TASKS=QUEUE)
def test_stopped_issue_waits_and_goes_on(site, monkeypatch):
    article = make_article(site, "A new plan")
    for number in range(3):
        subscriber(number)
    issue = issue_with(article)
    sending.start(issue)
    real = transport.Connection.send
    monkeypatch.setattr(transport.Connection, "send", lambda self, message: real(self, message) or sending.stop(issue))
    run(issue)
    assert states(issue) == ["sent", "waiting", "waiting"]
    monkeypatch.undo()
    run(issue)
    assert len(mail.outbox) == 1
    assert sending.go_on(issue)
    run(issue)
    assert states(issue) == ["sent"] * 3


@override_settings(TASKS=QUEUE)
def test_who_leaves_before_their_turn_gets_nothing(site):
    subscriber(1)
    issue = issue_with(make_article(site))
    sending.start(issue)
    Subscriber.objects.all().delete()
    run(issue)
    assert (states(issue), mail.outbox) == (["left_out"], [])


class Answers:
    """An SMTP handler that answers each recipient as told."""

    def __init__(self, **answers):
        self.answers = answers
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(address.split("@")[0].replace("-", "_"), "250 Ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        self.taken += envelope.rcpt_tos
        return "250 Ok"


def smtp(settings, handler):
    """Return a server that is not started yet, to which mail goes."""
    server = Controller(handler)
    settings.MAIL_TRANSPORT = "core.transport.SMTPBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 10
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return server


@override_settings(TASKS=QUEUE)
def test_answers_of_a_real_server_decide_what_becomes_of_each(site, settings):
    server = smtp(settings, Answers())
    for number in range(4):
        subscriber(number)
    issue = issue_with(make_article(site))
    sending.start(issue)
    # No server: nothing is marked, and the rest waits.
    run(issue)
    assert states(issue) == ["waiting"] * 4
    assert DBTaskResult.objects.filter(run_after__gt=timezone.now(), run_after__year__lt=9999).exists()
    handler = server.handler = Answers(
        reader_1="550 5.1.1 No reader-1@example.org", reader_2="450 4.2.0 Greylisted", reader_3="552 5.7.1 No"
    )
    server.start()
    try:
        run(issue)
        assert handler.taken == ["reader-0@example.org"]
        assert states(issue) == ["refused", "refused", "sent", "waiting"]
        assert Suppression.objects.get().reason == "bounced"
        assert not Subscriber.objects.filter(email="reader-1@example.org").exists()
        assert Subscriber.objects.filter(email="reader-3@example.org").exists()
        Delivery.objects.update(due=None)
        handler.answers = {}
        run(issue)
    finally:
        server.stop()
    issue.refresh_from_db()
    assert (issue.state, states(issue)) == ("sent", ["refused", "refused", "sent", "sent"])
    assert sorted(handler.taken) == ["reader-0@example.org", "reader-2@example.org"]


@override_settings(TASKS=QUEUE)
def test_no_answer_after_the_last_dot_leaves_the_mail_in_doubt(site, settings):
    class Silent(Answers):
        async def handle_DATA(self, server, session, envelope):
            self.taken += envelope.rcpt_tos
            session.transport_closed = True
            server.transport.close()
            return "250 Ok"

    server = smtp(settings, Silent())
    subscriber(1)
    issue = issue_with(make_article(site))
    sending.start(issue)
    server.start()
    try:
        run(issue)
        run(issue)
    finally:
        server.stop()
    assert (states(issue), server.handler.taken) == (["in_doubt"], ["reader-1@example.org"])


def test_scheduled_issue_begins_at_its_time(site):
    subscriber(1)
    issue = issue_with(make_article(site))
    assert sending.schedule(issue, timezone.now() + timedelta(hours=1))
    assert sending.start_due() == 0
    sending.schedule(issue, timezone.now() - timedelta(seconds=1))
    assert sending.start_due() == 1
    assert len(mail.outbox) == 1
    assert not sending.unschedule(issue)


def test_an_issue_goes_out_before_pictures_that_are_missing(settings):
    make_image()
    Image.objects.update(pictures={})
    settings.TASKS = QUEUE
    pictures.complete_all()
    sending.send.enqueue(1)
    first, second = DBTaskResult.objects.ready()
    assert (first.task_path, second.task_path) == (sending.send.module_path, pictures.make_all.module_path)
