"""What goes to Sentry says what failed and where in the code, and nothing of whom it happened to."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).resolve().parents[1]
# There are no tables: whatever asks for one fails.
FAIL = """
import logging
from wsgiref.util import setup_testing_defaults
import django
django.setup()
import sentry_sdk
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone
from core.models import User
from newsletter import subscribing
from newsletter.models import Subscriber
from portal.wsgi import application

user = User(pk=7, email="private@example.org", password="x", last_login=timezone.now())
token = default_token_generator.make_token(user)
reader = Subscriber(pk=7, language="en", address_key="private", secret="private")
signed = subscribing.preferences.sign_object([7, "private"]), subscribing.leavings.sign_object(["private", None])
print(token, *signed)
given = {
    "HTTP_HOST": "localhost",
    "HTTP_REFERER": "http://localhost/search/?q=private",
    "HTTP_COOKIE": "session=private",
    "HTTP_USER_AGENT": "private",
    "HTTP_X_FORWARDED_FOR": "192.0.2.7",
    "REMOTE_ADDR": "192.0.2.7",
    "QUERY_STRING": "q=private",
}
for path in (
    "/search/",
    f"/newsletter/preferences/{signed[0]}/",
    f"/cy/newsletter/leave/{signed[1]}/",
    f"/admin/password_reset/confirm/Nw/{token}/",
    "/news/a-plan-for-everybody/",
):
    environ = given | {"PATH_INFO": path}
    setup_testing_defaults(environ)
    said = []
    b"".join(application(environ, lambda status, headers: said.append(status)))
    assert said == ["500 Internal Server Error"], (path, said)
try:
    raise ValueError("private@example.org")
except ValueError:
    logging.getLogger("portal").exception("Nobody can be told: %s", "private@example.org", extra={"words": "private"})
sentry_sdk.flush(10)
"""


class Sentry(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Encoding"] == "br"
        self.server.got.append(brotli.decompress(body).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def sentry():
    server = HTTPServer(("127.0.0.1", 0), Sentry)
    server.got = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_reports_hold_nothing_of_whom_the_error_happened_to(sentry, tmp_path):
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": "x",
        "ALLOWED_HOSTS": "localhost",
        "PUBLIC_URL": "http://localhost",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "SENTRY_DSN": f"http://key@127.0.0.1:{sentry.server_port}/1",
    }
    command = [sys.executable, "-c", FAIL, "private"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for got in sentry.got for line in got.splitlines() if '"exception"' in line]
    addresses = {event["request"]["url"].removeprefix("http://localhost") for event in events if "request" in event}
    assert addresses == {
        "/search/",
        "/newsletter/preferences/…/",
        "/cy/newsletter/leave/…/",
        "/admin/password_reset/confirm/Nw/…/",
        "/news/a-plan-for-everybody/",
    }
    assert {"OperationalError", "ValueError"} <= {event["exception"]["values"][-1]["type"] for event in events}
    assert "Nobody can be told: %s" in [event["logentry"]["message"] for event in events if "logentry" in event]
    for hidden in ("private", "192.0.2.7", *done.stdout.split()):
        assert not any(hidden in got for got in sentry.got), hidden
