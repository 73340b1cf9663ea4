"""Personal data: found in any spelling, shown, erased, let go in time, and touched by nobody without the right."""

import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from contact.models import Enquiry, ThreadEntry
from core import addresses, privacy
from core.models import QueuedMail
from newsletter.models import Subscriber, Suppression

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ADDRESS = "reader@bücher.example"
STORED = addresses.normal(ADDRESS)


def make_user(name, email="editor@example.org"):
    return get_user_model().objects.create_user(name, email, "x")


def make_enquiry(email=STORED, days=0, **values):
    enquiry = Enquiry.objects.create(email=email, address_key=addresses.key(email), language="en", **values)
    received = timezone.now() - timedelta(days=days)
    Enquiry.objects.filter(pk=enquiry.pk).update(received_on=received)
    return enquiry


def make_subscriber(email=STORED, **values):
    return Subscriber.objects.create(email=email, address_key=addresses.key(email), language="en", **values)


@pytest.mark.parametrize(
    "text",
    [
        "Reader@BÜCHER.example",
        "reader@xn--bcher-kva.example",
        "<reader@bu\u0308cher.example>, thanks",
        r"'To:\nreader@bücher.example'",
        "/?to=reader%40xn--bcher-kva.example&a=1",
        "Ask reader@bücher.example.",
        {"args": [{"to": ["READER@bücher.example"]}]},
    ],
)
def test_address_is_found_however_it_is_spelled(text):
    mentions = privacy.Mentions(ADDRESS)
    assert mentions.are_in(text)
    assert not mentions.are_in(mentions.removed_from(text))


@pytest.mark.parametrize(
    "text", ["first.reader@bücher.example", "reader@bücher.example.org", "reader@bücher-example", "readerxbücher", 7]
)
def test_another_address_is_not_taken_for_it(text):
    mentions = privacy.Mentions(ADDRESS)
    assert not mentions.are_in(text)
    assert mentions.removed_from(text) == text


def test_export_holds_what_the_person_wrote_what_followed_and_the_subscription():
    enquiry = make_enquiry(name="A Reader", message="Where?", consent_text="We keep it.")
    ThreadEntry.objects.create(enquiry=enquiry, kind="reply", text="There.")
    make_enquiry("another@example.org", message="Not mine")
    make_subscriber(source="http://localhost/news/", secret="of-the-links")
    QueuedMail.objects.create(recipients=f"a@example.org\n{STORED}", raw=b"Subject: Hello\n\nWords", message_id="<1@x>")
    found = privacy.in_json(privacy.export_all("READER@BÜCHER.EXAMPLE"))
    for words in ("A Reader", "Where?", "There.", "We keep it.", "http://localhost/news/", "Subject: Hello"):
        assert words in found
    assert "Not mine" not in found
    assert "of-the-links" not in found


def test_export_finds_the_address_in_all_words_of_others_that_erasing_changes():
    answers = [{"key": "a", "label": "Who?", "value": f"Mrs. {ADDRESS}", "choices": []}]
    words = {"name": f"For {ADDRESS}", "message": f"Ask {ADDRESS}", "answers": answers}
    for name, value in words.items():
        make_enquiry("another@example.org", **{name: value})
    ThreadEntry.objects.create(enquiry=make_enquiry("another@example.org"), kind="note", text=f"Told {ADDRESS}")
    found = privacy.export_all(ADDRESS)["Enquiries"]
    assert [row["mentioned_in"] for row in found] == [
        {"answers": answers},
        {"message": f"Ask {ADDRESS}"},
        {"name": f"For {ADDRESS}"},
        {"text": f"Told {ADDRESS}"},
    ]
    assert privacy.erase_all(ADDRESS)["Enquiries"] == len(found)


def test_erasing_takes_the_address_and_leaves_other_people():
    enquiry = make_enquiry(message="Mine")
    ThreadEntry.objects.create(enquiry=enquiry, kind="note", text="A note")
    QueuedMail.objects.create(about=enquiry.reference, recipients="team@example.org", raw=b"x", message_id="<1@x>")
    other = make_enquiry("another@example.org", message=f"Ask {ADDRESS}, please.")
    other_mail = QueuedMail.objects.create(recipients="another@example.org", raw=b"x", message_id="<2@x>")
    make_subscriber()
    kept = make_subscriber("another@example.org")
    assert sum(privacy.erase_all(ADDRESS).values()) == 3
    assert list(Enquiry.objects.values_list("pk", "message")) == [(other.pk, "Ask …, please.")]
    assert not ThreadEntry.objects.exists()
    assert list(QueuedMail.objects.all()) == [other_mail]
    assert list(Subscriber.objects.all()) == [kept]
    suppressed = Suppression.objects.get()
    assert (suppressed.reason, suppressed.address_key) == ("erased", addresses.key(ADDRESS))


def test_mail_is_found_by_words_that_are_encoded():
    from core import mail
    from core.letters import EmailMultiAlternatives

    message = EmailMultiAlternatives("Enquiry", f"Ŵ from {STORED} " + "x" * 80, "a@example.org", ["team@example.org"])
    message.attach_alternative(f"<p>Ŵ {STORED}</p>", "text/html")
    row = mail.queue(message)
    QueuedMail.objects.filter(pk=row.pk).update(raw=message.message().as_bytes())
    privacy.erase_all(ADDRESS)
    assert not QueuedMail.objects.exists()


def test_log_entry_stays_without_the_words(site):
    user = make_user("editor")
    entry = ModelLogEntry.objects.log_action(user, "wagtail.edit", data={"to": STORED})
    privacy.erase_all(ADDRESS)
    entry.refresh_from_db()
    assert (entry.label, entry.data, entry.action) == ("", {}, "wagtail.edit")


def test_mail_in_a_file_is_erased_and_others_in_the_file_stay(settings, tmp_path):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    from django.core.mail import EmailMessage, get_connection

    for recipients in ([STORED, "another@example.org"], [STORED]):
        with get_connection(settings.MAIL_TRANSPORT) as connection:
            connection.send_messages([EmailMessage("Hi", "Words", "a@example.org", [to]) for to in recipients])
    assert len(list(tmp_path.glob("*.log"))) == 2
    assert len(privacy.export_all(ADDRESS)["Mails, tasks and logs"]) == 2
    privacy.erase_all(ADDRESS)
    [left] = tmp_path.glob("*.log")
    assert b"another@example.org" in left.read_bytes()
    assert STORED.encode() not in left.read_bytes()


def test_nothing_is_erased_when_one_holder_fails(monkeypatch):
    make_enquiry()

    def fail(address):
        raise IntegrityError

    broken = privacy.Holder("Broken", lambda address: [], fail, lambda: 0)
    monkeypatch.setattr(privacy, "_holders", [*privacy.holders(), broken])
    with pytest.raises(IntegrityError):
        privacy.erase_all(ADDRESS)
    assert Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("days", "spam_days", "left"),
    [
        (730, 30, {"old spam kept", "new", "new spam"}),
        (0, 0, None),
        (10, 0, {"new", "old spam", "new spam"}),
        (0, 30, {"old", "old spam kept", "new", "new spam"}),
    ],
)
def test_retention_erases_what_is_older_than_its_period_and_nothing_for_0(settings, days, spam_days, left):
    settings.KEEP_ENQUIRIES_DAYS, settings.KEEP_SPAM_DAYS = days, spam_days
    made = {
        "old": make_enquiry(days=731),
        "old spam": make_enquiry(days=31, state="spam"),
        "new": make_enquiry(days=9),
        "new spam": make_enquiry(days=29, state="spam"),
        "old spam kept": make_enquiry(days=31, state="answered"),
    }
    QueuedMail.objects.bulk_create(
        QueuedMail(about=row.reference, recipients="a@example.org", raw=b"", message_id=f"<{row.pk}@x>")
        for row in made.values()
    )
    call_command("retention", stdout=io.StringIO())
    expected = {made[name].reference for name in (made if left is None else left)}
    assert set(Enquiry.objects.values_list("reference", flat=True)) == expected
    assert set(QueuedMail.objects.values_list("about", flat=True)) == expected


def test_dry_run_of_the_retention_says_how_much_and_erases_nothing():
    make_enquiry(days=731)
    out = io.StringIO()
    call_command("retention", dry_run=True, stdout=out)
    assert "Enquiries: 1" in out.getvalue()
    assert Enquiry.objects.count() == 1


def test_retention_forgets_who_never_confirmed():
    waiting = make_subscriber()
    Subscriber.objects.filter(pk=waiting.pk).update(asked_on=timezone.now() - timedelta(days=8))
    make_subscriber("another@example.org", state="active")
    privacy.expire_all()
    assert Subscriber.objects.get().email == "another@example.org"


# The command ---------------------------------------------------------------------------------
def test_command_exports_json_and_erases_only_after_a_yes(monkeypatch):
    make_enquiry(message="مرحبا")
    out = io.StringIO()
    call_command("personal_data", "export", ADDRESS, stdout=out)
    assert json.loads(out.getvalue())["Enquiries"][0]["message"] == "مرحبا"
    monkeypatch.setattr("builtins.input", lambda question: "n")
    with pytest.raises(CommandError):
        call_command("personal_data", "erase", ADDRESS, stdout=io.StringIO())
    assert Enquiry.objects.exists()
    call_command("personal_data", "erase", ADDRESS, "--yes", stdout=out)
    assert not Enquiry.objects.exists()
    assert "Enquiries: 1" in out.getvalue()


def test_command_refuses_what_is_no_address():
    with pytest.raises(CommandError):
        call_command("personal_data", "erase", "reader", "--yes")


def test_staff_account_is_reported_and_stays():
    make_user("editor", email=STORED)
    errors = io.StringIO()
    call_command("personal_data", "erase", ADDRESS, "--yes", stdout=io.StringIO(), stderr=errors)
    assert "staff account" in errors.getvalue()
    assert STORED not in errors.getvalue()
    assert get_user_model().objects.filter(email=STORED).exists()


# The admin's page ----------------------------------------------------------------------------
@pytest.fixture
def page(client, site):
    client.force_login(get_user_model().objects.create_superuser("admin", "admin@example.org", "x"))
    return reverse("personal_data")


def test_page_shows_hands_out_and_erases_by_post(client, page):
    make_enquiry(message="My words")
    assert "My words" not in client.get(page, {"address": ADDRESS}).content.decode()
    shown = client.post(page, {"address": ADDRESS.upper(), "show": ""})
    assert "My words" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    handed = client.post(page, {"address": ADDRESS, "download": ""})
    assert json.loads(handed.content)["Enquiries"][0]["message"] == "My words"
    assert "reader" not in handed["Content-Disposition"]
    unsure = client.post(page, {"address": ADDRESS, "erase": ""})
    assert unsure.status_code == 422
    assert Enquiry.objects.exists()
    done = client.post(page, {"address": ADDRESS, "erase": "", "is_sure": "on"})
    assert "Enquiries: 1" in done.content.decode()
    assert ADDRESS not in done.content.decode()
    assert not Enquiry.objects.exists()


def test_page_says_what_is_wrong_and_what_is_not_there(client, page):
    assert client.post(page, {"address": "reader"}).status_code == 422
    assert "Nothing is stored" in client.post(page, {"address": "nobody@example.org"}).content.decode()


def test_page_is_for_holders_of_the_permission(client, site):
    page = reverse("personal_data")
    user = make_user("editor")
    group = Group.objects.create(name="Desk")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    client.force_login(user)
    make_enquiry()
    refused = client.post(page, {"address": ADDRESS, "erase": "", "is_sure": "on"})
    assert refused.status_code == 302
    assert Enquiry.objects.exists()
    assert page not in client.get(reverse("wagtailadmin_home")).content.decode()
    group.permissions.add(Permission.objects.get(codename="manage_personal_data"))
    assert client.get(page).status_code == 200
    assert page in client.get(reverse("wagtailadmin_home")).content.decode()


def test_task_that_failed_with_the_address_in_its_words_is_erased():
    common = {"task_path": "core.mail.deliver", "backend_name": "default", "exception_class_path": ""}
    DBTaskResult.objects.create(
        args_kwargs={"args": [1], "kwargs": {}}, run_after=timezone.now(), traceback=f"No {STORED}", **common
    )
    kept = DBTaskResult.objects.create(
        args_kwargs={"args": [2], "kwargs": {}}, run_after=timezone.now(), traceback="", **common
    )
    privacy.erase_all(ADDRESS)
    assert list(DBTaskResult.objects.values_list("pk", flat=True)) == [kept.pk]
