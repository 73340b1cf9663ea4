"""Erasing an address: afterwards it stands in no row, no file, no task and no line of the log (Done when 3)."""

import base64
import io
import logging
import quopri
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings as now
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from contact.models import Department, Enquiry
from core import addresses, mail, privacy
from core.models import QueuedMail
from newsletter import sending
from newsletter.models import Delivery, Issue, Subscriber, Suppression
from newsletter.tests import mailbox
from search import report
from tests.mail_server import Controller

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SAME = {"origin": "http://testserver"}
WATCHED = ("portal", "django", "django_tasks")
ENCODED = re.compile(rb"[A-Za-z0-9+/=\r\n]{40,}")


class Repeating:
    """A server that refuses, and repeats the address."""

    async def handle_RCPT(self, server, session, envelope, address, options):
        return f"550 5.1.1 There is no {address} here"


@pytest.fixture
def local():
    """The first part of an address that stands nowhere else."""
    return f"quillwort.{uuid.uuid4().hex[:10]}"


@pytest.fixture
def log():
    """Every line of the loggers that Portal and its tasks write to, as an operator would see it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    before = {}
    for name in WATCHED:
        logger = logging.getLogger(name)
        before[name] = logger.level
        logger.setLevel(logging.DEBUG)
        logger.addHandler(handler)
    yield stream
    for name, level in before.items():
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(level)


def tables():
    """Yield (table, column, value as bytes) of all that the database holds."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    for name in names:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608 - a table of ours
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield name, column, as_bytes(value)


def as_bytes(value):
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def files(*folders):
    """Yield (path, content) of every file under some folders, but for the database itself."""
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if path.is_file() and ".sqlite3" not in path.name and "static" not in path.parts:
                yield str(path), path.read_bytes()


def holds(content, word):
    """Return whether bytes hold a word: as they are, or in what mails are encoded in."""
    word = word.casefold().encode()
    texts = [content, quopri.decodestring(content)]
    for found in ENCODED.findall(content):
        packed = b"".join(found.split())
        texts += [base64.b64decode(packed[start : start + (len(packed) - start) // 4 * 4]) for start in range(4)]
    return any(word in text.lower() for text in texts)


def where(local, log):
    """Return the places in which the first part of an address stands."""
    found = {f"{table}.{column}" for table, column, value in tables() if holds(value, local)}
    found |= {path for path, content in files(now.VAR_DIR, now.MEDIA_ROOT) if holds(content, local)}
    found |= {f"file {path}" for path, _content in files(now.VAR_DIR, now.MEDIA_ROOT) if local in path}
    return found | {f"log: {line}" for line in log.getvalue().splitlines() if holds(line.encode(), local)}


def enquire(client, address):
    data = {"whole": "1", "name": "A Reader", "email": address, "message": f"Write to {address.upper()}, please."}
    assert client.post("/enquiries/", data, headers=SAME).status_code == 302
    another = data | {"email": "another@example.org", "message": f"I am with {address}, who wrote before."}
    assert client.post("/enquiries/", another, headers=SAME).status_code == 302


def subscribe(client, address, capture):
    with capture(execute=True):
        assert client.post("/newsletter/", {"email": address}, headers=SAME).status_code == 302
    assert client.post(mailbox.link(), headers=SAME).status_code == 302
    assert Subscriber.objects.get(address_key=addresses.key(address)).state == "active"


def issue_to_all(site, capture):
    issue = Issue.objects.create(locale=site.home.locale, subject="The plan", greeting="<p>Good morning.</p>")
    with capture(execute=True):
        sending.start(issue)
    assert Delivery.objects.get().state == "sent"


def fail_to_mail(settings, address):
    """Leave a mail that was refused by a server that repeats the address, and one that waits."""
    settings.MAIL_TRANSPORT = "core.transport.SMTPBackend"
    server = Controller(Repeating())
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    row = mail.queue(EmailMessage("Hello", "Words " * 30, "portal@example.org", [address]))
    server.start()
    try:
        mail.deliver.func(row.pk)
    finally:
        server.stop()
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("refused", "550 5.1.1")
    waiting = mail.queue(EmailMessage("Ŵ", f"From {address} " + "ŵ" * 90, "portal@example.org", ["team@example.org"]))
    mail.deliver.func(waiting.pk)


def fail_a_task(address):
    DBTaskResult.objects.create(
        status=TaskResultStatus.FAILED,
        args_kwargs={"args": [], "kwargs": {"to": address.upper()}},
        task_path="core.mail.deliver",
        backend_name="default",
        run_after=timezone.now(),
        exception_class_path="smtplib.SMTPRecipientsRefused",
        traceback=f"smtplib.SMTPRecipientsRefused: {{'{address}': (550, b'No\\n{address}')}}",
    )


def test_erased_address_stands_nowhere(
    client, site, settings, local, log, tmp_path, django_capture_on_commit_callbacks
):
    settings.NEWSLETTER_PER_MINUTE = 0
    address = f"{local}@example.org"
    team = Department.objects.create(name="Press", recipients="press@portal.example")
    page = site.contact["en"]
    page.departments = page.departments.stream_block.to_python(
        [{"type": "department", "value": {"department": team.pk, "label": "Press"}}]
    )
    page.save()
    subscribe(client, address, django_capture_on_commit_callbacks)
    issue_to_all(site, django_capture_on_commit_callbacks)
    enquire(client, address.title())
    assert QueuedMail.objects.filter(recipients__icontains="press@portal.example").exists()
    fail_to_mail(settings, address)
    fail_a_task(address)
    assert client.get("/search/", {"q": address}).status_code == 200
    report.note_search(address, "en", 0)
    report.count()
    before = where(local, log)
    expected = {"contact_enquiry.email", "newsletter_subscriber.email", "core_queuedmail.raw"}
    assert expected | {"core_queuedmail.recipients"} <= before
    assert {"django_tasks_database_dbtaskresult.traceback", "contact_enquiry.message"} <= before
    assert outbox.outbox

    privacy.erase_all(address)

    assert where(local, log) == set()
    assert Enquiry.objects.get().email == "another@example.org"
    assert Suppression.objects.get().reason == "erased"
    # That the issue went to somebody stays counted.
    assert Delivery.objects.get(subscriber=None).state == "sent"


def test_what_the_search_looks_for_is_found_in_every_encoding(local):
    text = f"To: {local.upper()}@example.org, " + "ŵ" * 80
    for content in (text.encode(), base64.encodebytes(text.encode()), quopri.encodestring(text.encode())):
        assert holds(b"Content-Transfer-Encoding: x\n\n" + content, local)
    assert not holds(b"Words " * 100, local)
