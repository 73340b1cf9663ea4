"""A mail provider instead of a mail server: what EMAIL_URL says, sending, errors and reports."""

import base64
import json
import os
import subprocess
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from anymail import signals
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.urls import include, path

from core import incoming, mail, tracking, transport
from core.models import QueuedMail
from portal import mailing

ADDRESS = "reader.of-ours@example.org"
SECRET = "provider:long-secret"
INACTIVE = (
    "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: "
    f"{ADDRESS}. Inactive recipients are ones that have generated a hard bounce."
)
TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817", "To": ADDRESS}


class Postmark(BaseHTTPRequestHandler):
    """As much of Postmark's API as sending needs; ``server.answer`` is (status, JSON) or a word for a fault."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.path, self.headers["X-Postmark-Server-Token"], body))
        if self.server.answer == "hang":
            time.sleep(6)
        if isinstance(self.server.answer, str):
            self.close_connection = True
            return
        status, answer = self.server.answer
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@pytest.fixture
def postmark(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Postmark)
    server.got, server.answer = [], (200, TAKEN)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"anymail://postmark?server_token=T0ken&api_url=http://127.0.0.1:{server.server_port}/"
    for name, value in mailing.read(url, timeout=10, webhook_secret=SECRET).items():
        setattr(settings, name, value)
    settings.EMAIL_BACKEND = "core.mail.QueuedEmailBackend"
    yield server
    server.shutdown()
    server.server_close()


def message():
    headers = {"Message-ID": "<1.2@example.org>", "From": "Portal <portal@example.org>"}
    return EmailMessage("Hello", "Words", "bounces@example.org", [ADDRESS], headers=headers)


def outcome():
    with transport.Connection() as connection, pytest.raises(transport.MailError) as caught:
        connection.send(message())
    assert ADDRESS not in "".join(traceback.format_exception(caught.value))
    return caught.value


@pytest.mark.django_db
def test_queued_mail_goes_to_the_provider_whole(postmark, site):
    mail.queue(message())
    row = QueuedMail.objects.get()
    mail.deliver.func(row.pk)
    assert QueuedMail.objects.get().state == QueuedMail.State.SENT
    [(path, token, sent)] = postmark.got
    assert (path, token) == ("/email", "T0ken")
    assert (sent["From"], sent["To"], sent["Subject"]) == ("Portal <portal@example.org>", ADDRESS, "Hello")
    assert sent["TextBody"].strip() == "Words"
    assert {"Name": "Message-ID", "Value": "<1.2@example.org>"} in sent["Headers"]
    assert sent["Metadata"] == {"message": "1.2", "host": "example.org"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((422, {"ErrorCode": 406, "Message": INACTIVE}), transport.Refused),
        ((422, {"ErrorCode": 406, "Message": "In words that nobody expects"}), transport.InDoubt),
        ((422, {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{ADDRESS}'."}), transport.Refused),
        ((413, {"Message": f"Too large for {ADDRESS}"}), transport.Refused),
        ((401, {"ErrorCode": 10, "Message": f"No token, {ADDRESS}"}), transport.Unavailable),
        ((403, {"Message": ADDRESS}), transport.Unavailable),
        ((429, {"Message": ADDRESS}), transport.Unavailable),
        ((500, {"Message": ADDRESS}), transport.Unavailable),
        ((503, {"Message": ADDRESS}), transport.Unavailable),
        ((504, {"Message": ADDRESS}), transport.InDoubt),
        ("hang", transport.InDoubt),
        ("hang up", transport.InDoubt),
    ],
)
def test_answer_of_the_provider_decides_and_its_words_are_not_kept(postmark, settings, answer, expected):
    postmark.answer, whole = answer, settings.ANYMAIL
    settings.ANYMAIL = whole | {"REQUESTS_TIMEOUT": 2 if answer == "hang" else 10}
    assert type(outcome()) is expected
    postmark.answer, settings.ANYMAIL = (200, TAKEN), whole
    with transport.Connection() as connection:
        connection.send(message())


def test_provider_that_cannot_be_reached_is_unavailable(postmark, settings):
    postmark.server_close()
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": "http://127.0.0.1:9/"}
    assert type(outcome()) is transport.Unavailable


def test_provider_whose_key_is_not_set_is_unavailable(postmark, settings):
    settings.ANYMAIL = {}
    assert type(outcome()) is transport.Unavailable


def test_what_names_no_provider_or_an_open_secret_is_refused():
    with pytest.raises(ImproperlyConfigured, match="anymail://postmark"):
        mailing.read("anymail://no_such_provider?key=1", 10)
    with pytest.raises(ImproperlyConfigured, match="WEBHOOK_SECRET"):
        mailing.read("anymail://postmark?server_token=T", 10, "without-colon")


# Reports ------------------------------------------------------------------------------------
urlpatterns = [path("anymail/", include("anymail.urls"))]


@pytest.fixture
def report(client, settings):
    """A function that posts an event as Postmark does, and returns the answer's status."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    settings.ANYMAIL = mailing.read("anymail://postmark?server_token=T", 1, SECRET)["ANYMAIL"]
    tracking.connect()

    def post(kind="Bounce", of="<1.2@example.org>", secret=SECRET, **fields):
        local, _at, host = of.strip("<>").partition("@")
        event = {"RecordType": kind, "Email": ADDRESS, "Metadata": {"message": local, "host": host}, **fields}
        headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
        return client.post("/anymail/postmark/tracking/", event, "application/json", headers=headers).status_code

    yield post
    signals.tracking.disconnect(dispatch_uid="core.tracking")


@pytest.fixture
def reports(monkeypatch):
    found = []
    monkeypatch.setattr(incoming, "_on_report", [found.append])
    return found


def test_events_are_reports_of_our_own_message_id(report, reports):
    assert report(Type="HardBounce", Details="smtp;550 5.1.1 No such user") == 200
    assert report("SpamComplaint", Type="SpamComplaint") == 200
    assert report(Type="Blocked") == 200
    assert reports == [
        incoming.Report("<1.2@example.org>", "bounce", "5.1.1"),
        incoming.Report("<1.2@example.org>", "complaint"),
        incoming.Report("<1.2@example.org>", "bounce", "", is_permanent=False),
    ]


def test_events_that_say_nothing_bad_or_name_no_mail_of_ours_are_nobodys(report, reports):
    assert report("Delivery") == report("Open") == report(Type="Transient") == report(Type="HardBounce", of="") == 200
    assert reports == []


def test_whoever_does_not_know_the_secret_reports_nothing(report, reports):
    assert report(Type="HardBounce", secret="provider:guess") == 400
    assert reports == []


@pytest.mark.django_db
def test_mail_that_the_provider_could_not_deliver_is_refused(report):
    row = mail.queue(message())
    QueuedMail.objects.update(state=QueuedMail.State.SENT)
    assert report(Type="HardBounce", of=row.message_id, Details="smtp;550 5.1.1 No such user") == 200
    row.refresh_from_db()
    assert (row.state, row.trouble) == ("refused", "5.1.1")


WEBHOOK = """
import django
django.setup()
from django.urls import resolve
print(resolve("/anymail/postmark/tracking/").view_name)
"""


@pytest.mark.parametrize(("secret", "expected"), [(SECRET, "anymail:postmark_tracking_webhook"), ("", "wagtail_serve")])
def test_address_for_reports_is_there_with_a_secret_only(tmp_path, secret, expected):
    given = {"EMAIL_URL": "anymail://postmark?server_token=T", "VAR_DIR": str(tmp_path), "WEBHOOK_SECRET": secret}
    command = [sys.executable, "-c", "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'" + WEBHOOK]
    given |= {"SECRET_KEY": "x", "ALLOWED_HOSTS": "127.0.0.1", "PUBLIC_URL": "http://127.0.0.1"}
    done = subprocess.run(command, env=os.environ | given, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected
