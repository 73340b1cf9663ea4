"""The newsletter in the admin: who may do what, and what each state allows."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core.models import QueuedMail
from newsletter import sending
from newsletter.models import Delivery, Issue, Subscriber, Suppression
from newsletter.tests.editing import WELSH, acts, address, form_of, is_refused, make_issue, sign_in
from portal import roles
from tests.factories import make_article
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State = Issue.State
LIST = "/admin/newsletter/issues/"


@pytest.fixture(autouse=True)
def mail_in_memory(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.NEWSLETTER_PER_MINUTE = 0


@pytest.fixture
def editor(client, site):
    return sign_in(client, roles.EDITORS)


@pytest.fixture
def issue(site):
    return make_issue(make_article(site, "A new plan"))


def test_authors_reach_nothing_of_the_newsletter(client, issue, subscriber):
    sign_in(client, roles.AUTHORS)
    others = ["/admin/newsletter/subscribers/", "/admin/newsletter/subscribers/lift/", "/admin/newsletter/digests/"]
    others += [LIST, f"{LIST}new/", reverse("newsletter_subscriber:remove", args=[subscriber.pk])]
    for method, url, data in [*acts(issue), *(("get", url, None) for url in others)]:
        assert is_refused(getattr(client, method)(url, data)), (method, url, data)
    issue.refresh_from_db()
    assert (issue.state, issue.subject) == ("draft", "Autumn news")
    assert "newsletter" not in client.get("/admin/").content.decode()


def test_an_issue_of_another_language_is_out_of_reach(client, issue):
    sign_in(client, WELSH, "add_issue", "change_issue", "delete_issue", "view_issue")
    make_issue(language="cy", subject="Newyddion yr hydref")
    listed = client.get(LIST).content.decode()
    assert "Newyddion yr hydref" in listed
    assert "Autumn news" not in listed
    for method, url, data in acts(issue):
        assert is_refused(getattr(client, method)(url, data)), (method, url, data)
    client.post(f"{LIST}new/", form_of(issue, subject="Not mine"))
    assert list(Issue.objects.filter(locale=issue.locale).values_list("subject", "state")) == [("Autumn news", "draft")]


def test_who_may_only_look_changes_nothing(client, issue):
    sign_in(client, WELSH, "view_issue")
    welsh = make_issue(language="cy", subject="Newyddion yr hydref", greeting="<p>Helo</p>")
    assert client.get(address("show", welsh)).status_code == 200
    for method, url, data in acts(welsh):
        if method == "post":
            assert is_refused(client.post(url, data)), (url, data)
    assert is_refused(client.get(address("send", welsh)))
    welsh.refresh_from_db()
    assert (welsh.state, welsh.subject) == ("draft", "Newyddion yr hydref")


def test_an_editor_makes_and_changes_an_issue(client, editor, site):
    first, second = make_article(site, "First"), make_article(site, "Second")
    blank = Issue(locale=first.locale, subject="Winter news")
    response = client.post(f"{LIST}new/", form_of(blank, first, second))
    made = Issue.objects.get()
    assert response.headers["Location"] == address("show", made)
    assert list(made.articles.values_list("article__title", flat=True)) == ["First", "Second"]
    assert made.created_by == editor
    client.post(address("edit", made), form_of(made, subject="Spring news"))
    made.refresh_from_db()
    assert made.subject == "Spring news"


def test_articles_are_in_the_language_of_the_issue_and_in_it_once(client, editor, site):
    english, welsh = make_article(site, "First"), make_article(site, "Cyntaf", language="cy")
    blank = Issue(locale=english.locale, subject="Winter news")
    assert "in another language" in client.post(f"{LIST}new/", form_of(blank, welsh)).content.decode()
    assert "in the issue already" in client.post(f"{LIST}new/", form_of(blank, english, english)).content.decode()
    assert not Issue.objects.exists()


def action_of(page):
    """Return where the form of an issue on a page is sent: it says which version of the issue stands there."""
    return soup_of(page).select_one("form[data-edit-form]")["action"]


def test_nobody_saves_over_what_they_have_not_seen(client, editor, site, issue):
    first, second = make_article(site, "First"), make_article(site, "Second")
    mine, theirs = form_of(issue, first, subject="Mine"), form_of(issue, second, subject="Corrected")
    opened = action_of(client.get(address("edit", issue)))
    client.post(opened, theirs)
    told = client.post(opened, mine)
    assert "changed after you opened it" in told.content.decode()
    issue.refresh_from_db()
    assert (issue.subject, issue.articles.count()) == ("Corrected", 2)
    assert soup_of(told).select_one("[name=subject]")["value"] == "Mine"
    client.post(action_of(told), mine)
    issue.refresh_from_db()
    assert (issue.subject, issue.articles.count()) == ("Mine", 3)


def test_article_that_a_colleague_added_is_not_overlooked(client, editor, site, issue):
    opened = action_of(client.get(address("edit", issue)))
    client.post(opened, form_of(issue, make_article(site, "Another plan")))
    assert "changed after you opened it" in client.post(opened, form_of(issue, subject="Mine")).content.decode()


def test_a_row_without_an_article_is_no_article(client, editor, issue):
    blank = {"articles-TOTAL_FORMS": "1", "articles-0-article": "", "articles-0-ORDER": "", "articles-0-DELETE": ""}
    assert client.post(address("edit", issue), form_of(issue, subject="Changed") | blank).status_code == 302
    issue.refresh_from_db()
    assert (issue.subject, issue.articles.count()) == ("Changed", 1)


@pytest.mark.parametrize("state", [State.SENDING, State.STOPPED, State.SENT])
def test_an_issue_that_is_sent_is_neither_changed_nor_deleted(client, editor, issue, state):
    Issue.objects.update(state=state)
    for name in ("edit", "delete"):
        assert client.get(address(name, issue)).headers["Location"] == address("show", issue)
        response = client.post(address(name, issue), form_of(issue, subject="Changed"))
        assert response.headers["Location"] == address("show", issue)
    issue.refresh_from_db()
    assert (issue.state, issue.subject) == (state, "Autumn news")


def test_a_scheduled_issue_stays_scheduled_when_it_is_changed(client, editor, issue):
    sending.schedule(issue, timezone.now() + timedelta(days=1))
    client.post(address("edit", issue), form_of(issue, subject="Changed"))
    issue.refresh_from_db()
    assert (issue.state, issue.subject) == ("scheduled", "Changed")
    client.post(address("delete", issue))
    assert not Issue.objects.exists()


def test_send_now_names_the_number_and_sends_once(client, editor, issue, subscriber):
    assert "to 1 subscriber now" in client.get(address("send", issue)).content.decode()
    client.post(address("send", issue))
    client.post(address("send", issue))
    assert [message.to for message in mail.outbox] == [["reader@example.org"]]
    shown = client.get(address("show", issue)).content.decode()
    assert "Sent" in shown
    assert "<dd>1</dd>" in shown
    assert ModelLogEntry.objects.filter(action="newsletter.send").count() == 1


def test_the_button_to_send_pressed_twice_is_no_error(client, editor, issue):
    def told():
        shown = client.get(address("show", issue)).context["messages"]
        return [(message.level_tag, str(message).strip()) for message in shown]

    client.post(address("send", issue))
    assert told() == [("success", "The issue is being sent.")]
    client.post(address("send", issue))
    [(level, words)] = told()
    assert (level, words.startswith("This issue has been sent or is being sent.")) == ("info", True)
    Issue.objects.update(state=State.STOPPED)
    client.post(address("send", issue))
    assert told() == [("error", "The issue is in another state by now. Nothing was done.")]


def test_the_number_of_an_issue_with_a_topic_leaves_out_who_chose_others(client, editor, site, subscriber):
    issue = make_issue(make_article(site), topic=site.topic)
    assert "for 1 subscriber " in client.get(address("show", issue)).content.decode()
    Subscriber.objects.update(topics=["00000000-0000-4000-8000-000000000000"])
    assert "for 0 subscribers" in client.get(address("show", issue)).content.decode()


def test_an_empty_issue_is_not_sent(client, editor, site, subscriber):
    issue = make_issue(make_article(site, "Draft", live=False))
    client.post(address("send", issue))
    client.post(address("show", issue), {"action": "test", "email": "a@example.org"})
    issue.refresh_from_db()
    assert (issue.state, mail.outbox) == ("draft", [])
    assert "readers cannot see it" in client.get(address("show", issue)).content.decode()


def test_a_test_mail_arrives_and_its_links_end_no_subscription(
    client, editor, issue, subscriber, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("show", issue), {"action": "test", "email": subscriber.email})
    queued = QueuedMail.objects.get()
    assert (queued.recipients, queued.state) == (subscriber.email, "sent")
    [message] = mail.outbox
    assert "A new plan" in message.body
    leave = message.extra_headers.get("List-Unsubscribe") or message["List-Unsubscribe"]
    client.post(leave.strip("<>"), {"List-Unsubscribe": "One-Click"})
    assert Subscriber.objects.filter(pk=subscriber.pk).exists()
    assert not Suppression.objects.exists()
    assert not Delivery.objects.exists()


def test_a_wrong_address_for_a_test_is_told(client, editor, issue):
    response = client.post(address("show", issue), {"action": "test", "email": "nobody"})
    assert response.status_code == 422
    assert "Enter an e-mail address in full" in response.content.decode()


def test_an_issue_is_scheduled_in_the_future_only(client, editor, issue):
    past = timezone.localtime(timezone.now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
    response = client.post(address("show", issue), {"action": "schedule", "send_at": past})
    assert response.status_code == 422
    assert "This moment is over" in response.content.decode()
    later = (timezone.localtime() + timedelta(days=1)).replace(hour=12, second=0, microsecond=0)
    client.post(address("show", issue), {"action": "schedule", "send_at": later.strftime("%Y-%m-%dT%H:%M")})
    issue.refresh_from_db()
    assert (issue.state, issue.send_at) == ("scheduled", later)
    client.post(address("show", issue), {"action": "unschedule"})
    issue.refresh_from_db()
    assert issue.state == "draft"


def test_sending_stops_and_goes_on(client, editor, issue):
    Issue.objects.update(state=State.SENDING)
    client.post(address("show", issue), {"action": "stop"})
    issue.refresh_from_db()
    assert issue.state == "stopped"
    client.post(address("show", issue), {"action": "go_on"})
    issue.refresh_from_db()
    assert issue.state == "sent"


def test_progress_is_told_in_words_and_numbers(client, editor, issue, subscriber):
    Issue.objects.update(state=State.SENDING)
    Delivery.objects.create(issue=issue, subscriber=subscriber, message_id="<1@localhost>")
    Delivery.objects.create(issue=issue, message_id="<2@localhost>", state="sent")
    told = client.get(address("progress", issue)).json()
    assert (told["state"], told["done"], told["total"]) == ("sending", 1, 2)
    assert told["words"].startswith("1 of 2 mails are done: 1 sent")


def test_a_mail_in_doubt_is_sent_again_by_a_person(client, editor, issue, subscriber):
    Issue.objects.update(state=State.SENT)
    delivery = Delivery.objects.create(issue=issue, subscriber=subscriber, message_id="<1@localhost>", state="in_doubt")
    assert "reader@example.org" in client.get(address("show", issue)).content.decode()
    other = make_issue(subject="Another")
    assert client.post(address("show", other), {"action": "again", "delivery": delivery.pk}).status_code == 404
    client.post(address("show", issue), {"action": "again", "delivery": delivery.pk})
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert mail.outbox[0].extra_headers["Message-ID"] == "<1@localhost>"


def test_preview_shows_the_mail_where_it_can_do_nothing(client, editor, issue):
    page = client.get(address("preview", issue)).content.decode()
    assert page.count("<iframe") == page.count("sandbox") == 2
    assert "A new plan" in page
    framed = client.get(address("mail", issue))
    assert "A new plan" in framed.content.decode()
    assert "\ue000" not in framed.content.decode() + page
    assert framed.headers["Content-Security-Policy"].endswith("sandbox")
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_list_asks_as_often_for_thirty_issues_as_for_one(client, editor, site):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    make_issue(topic=site.topic)
    queries()
    few = queries()
    for number in range(29):
        issue = make_issue(topic=site.topic, subject=f"Issue {number}")
        Delivery.objects.create(issue=issue, message_id=f"<{number}@localhost>", state="sent")
    assert queries() == few
