"""The inbox: what is listed, what a person may do with an enquiry, and what is told about it."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contact.models import Department, Enquiry, ThreadEntry
from contact.tests.inbox import enquiry_from, person
from core.models import QueuedMail
from portal import roles
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LIST = "/admin/enquiries/"


def page_of(enquiry):
    return reverse("enquiry_inbox:show", args=[enquiry.pk])


def listed(client, query="state="):
    return [row.message for row in client.get(f"{LIST}?{query}").context["object_list"]]


@pytest.fixture
def editor(client, site):
    editor = person("editor", roles.EDITORS)
    client.force_login(editor)
    return editor


def test_the_inbox_opens_with_what_is_new_and_the_menu_counts_it(client, editor):
    enquiry_from("Old", state="answered")
    enquiry_from("New")
    response = client.get(LIST, follow=True)
    assert response.redirect_chain == [(f"{LIST}?state=new", 302)]
    assert [row.message for row in response.context["object_list"]] == ["New"]
    assert "Enquiries (1)" in response.content.decode()
    assert [(tab["label"], tab["number"]) for tab in response.context["tabs"]][-1] == ("All", 2)


def test_the_menu_shows_the_inbox_only_to_those_with_the_right(client, site):
    client.force_login(person("author", roles.AUTHORS))
    assert "/admin/enquiries/" not in client.get("/admin/").content.decode()


def test_filters_choose_by_state_department_language_person_and_period(client, editor):
    press = Department.objects.create(name="Press", recipients="press@portal.example")
    enquiry_from("Press", department=press)
    enquiry_from("Welsh", language="cy", assigned_to=editor, state="assigned")
    Enquiry.objects.filter(pk=enquiry_from("Last year").pk).update(received_on=timezone.now() - timedelta(days=400))
    colleague = person("colleague", roles.EDITORS)
    enquiry_from("Colleague", assigned_to=colleague, state="assigned")
    today = timezone.localdate()
    assert listed(client, f"department={press.pk}") == ["Press"]
    assert listed(client, "department=null&state=new") == ["Last year"]
    assert listed(client, "language=cy") == ["Welsh"]
    assert listed(client, "state=assigned") == ["Colleague", "Welsh"]
    assert listed(client, "assigned_to=me") == ["Welsh"]
    assert listed(client, "assigned_to=nobody") == ["Press", "Last year"]
    assert listed(client, f"assigned_to={colleague.pk}") == ["Colleague"]
    assert listed(client, f"received_on_to={today - timedelta(days=300)}") == ["Last year"]
    assert "Last year" not in listed(client, f"received_on_from={today - timedelta(days=300)}")


@pytest.mark.parametrize(
    "query", ["state=x", "department=x", "assigned_to=1%00", "p=x", "ordering=x", "received_on_to=x"]
)
def test_odd_filters_are_no_error(client, editor, query):
    enquiry_from("Hello")
    assert client.get(f"{LIST}?{query}").status_code == 200


@pytest.mark.parametrize(
    "words", ["wave", "A Reader", "READER@example", "Wyddgrug", "Yr Wyddfa ŵ", "note of ours", "their answer"]
)
def test_search_looks_at_name_address_message_answers_and_thread(client, editor, words):
    enquiry_from("Other", email="other@example.org", name="")
    answers = [{"key": "a", "label": "Place", "value": 'Yr Wyddfa ŵ, "Wyddgrug"', "choices": []}]
    enquiry = enquiry_from("A wave hello", answers=answers, name="A Reader")
    enquiry.thread.create(kind="note", text="A note of ours")
    enquiry.thread.create(kind="answer", text="This is their answer")
    assert listed(client, f"q={words}") == ["A wave hello"]


def test_search_finds_the_reference_in_any_state(client, editor):
    enquiry = enquiry_from("Held", state="spam")
    assert listed(client, f"q={enquiry.reference.lower()}") == ["Held"]
    assert listed(client, 'q="') == []


def test_list_is_ordered_and_paged(client, editor):
    for number in range(51):
        enquiry_from(f"{number:02}", email=f"{number:02}@example.org")
    assert listed(client)[0] == "50"
    assert listed(client, "ordering=email")[:2] == ["00", "01"]
    assert listed(client, "p=2") == ["00"]


def test_fifty_rows_take_as_many_queries_as_one(client, editor, django_assert_max_num_queries):
    def fill(number):
        for index in range(number):
            department = Department.objects.create(name=f"D{number}-{index}", recipients="d@portal.example")
            enquiry_from("Hello", department=department, assigned_to=person(f"p{number}-{index}", roles.EDITORS))

    fill(1)
    client.get(f"{LIST}?state=")
    with django_assert_max_num_queries(100) as with_one:
        client.get(f"{LIST}?state=")
    fill(49)
    with django_assert_max_num_queries(len(with_one)):
        assert len(client.get(f"{LIST}?state=").context["object_list"]) == 50
    assert len(with_one) <= 25


def test_what_was_written_is_shown_as_plain_text(client, editor):
    enquiry = enquiry_from("<script>alert(1)</script> https://evil.example/", name="<b>Bold</b>", language="ar")
    enquiry.thread.create(kind="answer", text="<img src=x>")
    html = client.get(page_of(enquiry)).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "&lt;b&gt;Bold" in html
    assert "&lt;img src=x&gt;" in html
    assert 'href="https://evil.example' not in html
    assert '<div class="inbox-words" lang="ar" dir="auto">' in html
    listing = client.get(f"{LIST}?state=").content.decode()
    assert "<script>alert" not in listing
    assert "<b>Bold" not in listing


def test_page_says_why_something_is_held_and_what_became_of_each_mail(client, editor):
    enquiry = enquiry_from("Buy", state="spam", signs=["decoy", "links"], consent_text="We keep it.")
    row = QueuedMail.objects.create(state="refused", trouble="550 5.1.1", message_id="<1@portal.example>")
    enquiry.thread.create(kind="acknowledgement", mail=row, message_id=row.message_id)
    html = client.get(page_of(enquiry)).content.decode()
    assert "A field that people do not see was filled in. <strong>10</strong>" in html
    assert "count 13 points" in html
    assert "Refused by the mail server" in html
    assert "550 5.1.1" in html
    assert "We keep it." in html


def test_assigning_is_told_in_the_thread_and_can_be_taken_back(client, editor):
    enquiry = enquiry_from("Hello")
    client.post(page_of(enquiry), {"action": "assign", "person": editor.pk})
    enquiry.refresh_from_db()
    assert (enquiry.assigned_to, enquiry.state) == (editor, "assigned")
    client.post(page_of(enquiry), {"action": "assign", "person": ""})
    enquiry.refresh_from_db()
    assert (enquiry.assigned_to, enquiry.state) == (None, "new")
    entries = [(entry.kind, entry.author, entry.text) for entry in enquiry.thread.all()]
    assert entries == [("change", editor, "Assigned to editor."), ("change", editor, "Assigned to nobody.")]
    client.post(page_of(enquiry), {"action": "assign", "person": ""})
    assert enquiry.thread.count() == 2


def test_notes_states_and_departments_are_kept_in_the_thread(client, editor):
    enquiry = enquiry_from("Hello", name="", state="new")
    press = Department.objects.create(name="Press", recipients="press@portal.example")
    for data in (
        {"action": "move", "department": press.pk},
        {"action": "note", "note": "Call\r\nback"},
        {"action": "close"},
        {"action": "reopen"},
    ):
        assert client.post(page_of(enquiry), data).status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.answered_on
    client.post(page_of(enquiry), {"action": "hold"})
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.department) == ("spam", press)
    words = ["Department: Press.", "Call\nback", "Marked as answered.", "Opened again.", "This is spam."]
    assert [entry.text for entry in enquiry.thread.exclude(kind="notification")] == words


def test_one_click_rescues_what_was_held_and_the_mails_go_out(client, editor):
    enquiry = enquiry_from("Hello", state="spam", assigned_to=editor)
    client.post(page_of(enquiry), {"action": "rescue"})
    enquiry.refresh_from_db()
    assert enquiry.state == "assigned"
    assert enquiry.thread.filter(kind="acknowledgement").count() == 1
    client.post(page_of(enquiry), {"action": "rescue"})
    assert enquiry.thread.filter(kind="acknowledgement").count() == 1


def test_reply_goes_to_the_sender_and_the_enquiry_is_answered(
    client, editor, django_capture_on_commit_callbacks, mailoutbox
):
    enquiry = enquiry_from("Hello")
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(page_of(enquiry), {"action": "reply", "seen": 0, "reply": "<b>Dear</b> reader"})
    assert response.status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.state == "answered"
    entry = enquiry.thread.get(kind="reply")
    assert (entry.author, entry.text) == (editor, "<b>Dear</b> reader")
    assert mail.outbox[0].recipients() == ["reader@example.org"]
    assert "<b>Dear</b> reader" in mail.outbox[0].body


def test_second_of_two_replies_is_told_of_the_first_and_loses_no_word(client, editor):
    enquiry = enquiry_from("Hello")
    seen = client.get(page_of(enquiry)).context["seen"]
    client.post(page_of(enquiry), {"action": "reply", "seen": seen, "reply": "The first"})
    response = client.post(page_of(enquiry), {"action": "reply", "seen": seen, "reply": "The second"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Something was added to this enquiry while you wrote" in html
    assert "The second</textarea>" in html
    assert "The first" in html
    assert enquiry.thread.filter(kind="reply").count() == 1
    client.post(page_of(enquiry), {"action": "reply", "seen": response.context["seen"], "reply": "The second"})
    assert enquiry.thread.filter(kind="reply").count() == 2


@pytest.mark.parametrize("change", [{"state": "spam"}, {"email": ""}])
def test_nobody_replies_to_spam_or_to_an_erased_address(client, editor, change):
    enquiry = enquiry_from("Hello", **change)
    response = client.post(page_of(enquiry), {"action": "reply", "seen": 0, "reply": "Half an hour of words"})
    assert response.status_code == 422
    assert not QueuedMail.objects.exists()
    soup = soup_of(response)
    assert soup.select_one("textarea[name=reply]").text.strip() == "Half an hour of words"
    assert "Nobody can be replied to here" in soup.select_one(".inbox-writing [role=alert]").text


@pytest.mark.parametrize(
    "data",
    [
        {"action": "reply", "seen": "0", "reply": " "},
        {"action": "note", "note": "n" * 5001},
        {"action": "assign", "person": "99999999999999999999"},
        {"action": "move", "department": "x"},
    ],
)
def test_form_error_changes_nothing(client, editor, data):
    enquiry = enquiry_from("Hello")
    assert client.post(page_of(enquiry), data).status_code == 422
    assert not ThreadEntry.objects.exists()


@pytest.mark.parametrize("action", ["", "remove", "__class__"])
def test_unknown_action_is_refused(client, editor, action):
    assert client.post(page_of(enquiry_from("Hello")), {"action": action}).status_code == 400


def test_several_are_changed_at_once(client, editor):
    enquiries = [enquiry_from(f"{number}") for number in range(3)]
    chosen = [enquiry.pk for enquiry in enquiries[:2]]
    several = reverse("enquiry_inbox:several")
    client.post(several, {"action": "hold", "enquiry": [*chosen, "x", "99999999999999999999"]})
    assert Enquiry.objects.filter(state="spam").count() == 2
    client.post(several, {"action": "rescue", "enquiry": chosen})
    assert not Enquiry.objects.filter(state="spam").exists()
    response = client.post(
        several, {"action": f"assign:{editor.pk}", "enquiry": chosen, "next": f"{LIST}?state=assigned"}
    )
    assert response["Location"] == f"{LIST}?state=assigned"
    assert Enquiry.objects.filter(state="assigned", assigned_to=editor).count() == 2
    assert client.post(several, {"action": "assign:x", "enquiry": chosen}).status_code == 400


def test_deleting_asks_first_and_removes_thread_and_mails(client, editor):
    enquiry = enquiry_from("Hello")
    client.post(page_of(enquiry), {"action": "reply", "seen": 0, "reply": "Hello"})
    address = reverse("enquiry_inbox:delete", args=[enquiry.pk])
    assert client.post(address).status_code == 302
    assert Enquiry.objects.exists()
    client.force_login(get_user_model().objects.create_superuser("root", "root@portal.example", "secret"))
    assert b"for good" in client.get(address).content
    assert client.post(address)["Location"] == LIST
    assert not Enquiry.objects.exists()
    assert not ThreadEntry.objects.exists()
    assert not QueuedMail.objects.exists()
    log = ModelLogEntry.objects.get(action="wagtail.delete")
    assert log.label == enquiry.reference


def test_log_of_wagtail_holds_nothing_that_a_reader_gave(client, site):
    client.force_login(get_user_model().objects.create_superuser("root", "root@portal.example", "secret"))
    enquiry = enquiry_from("Secret words", name="A Reader")
    client.post(page_of(enquiry), {"action": "note", "note": "Secret words"})
    client.post(page_of(enquiry), {"action": "reply", "seen": 1, "reply": "Secret words"})
    client.post(reverse("enquiry_inbox:delete", args=[enquiry.pk]))
    for entry in ModelLogEntry.objects.all():
        for word in ("reader@example.org", "A Reader", "Secret"):
            assert word not in f"{entry.label} {entry.data}"


def test_editors_may_open_the_inbox_but_not_remove(site):
    editors = Group.objects.get(name=roles.EDITORS)
    codenames = set(editors.permissions.values_list("codename", flat=True))
    assert {"view_enquiry", "change_enquiry", "add_department", "change_department"} <= codenames
    assert "delete_enquiry" not in codenames
