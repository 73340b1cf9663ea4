"""Maintenance: readers learn when to come back, nothing that they send is lost in silence, no database is needed."""

import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import User
from delivery import maintenance
from tests.pages import language_of, soup_of


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def command(*arguments):
    out = StringIO()
    call_command("maintenance", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def no_database(monkeypatch):
    """A database that has gone away."""

    def gone(*args, **kwargs):
        raise OperationalError("The server has gone away")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)


@pytest.mark.parametrize(
    ("address", "language", "direction", "words"),
    [("/", "en", "ltr", "be back soon"), ("/cy/newyddion/", "cy", "ltr", ""), ("/ar/", "ar", "rtl", "")],
)
def test_readers_get_a_page_in_the_language_of_the_address(client, no_database, address, language, direction, words):
    maintenance.begin(names={"en": "Trials", "cy": "Treialon", "ar": "تجارب"})
    response = client.get(address)
    assert response.status_code == 503
    assert language_of(response) == (language, direction)
    assert response["Content-Language"] == language
    assert response["Cache-Control"] == "no-store"
    assert int(response["Retry-After"]) > 0
    assert "frame-ancestors" in response["Content-Security-Policy"]
    assert not response.cookies
    page = soup_of(response)
    assert words in page.h1.get_text()
    assert {"en": "Trials", "cy": "Treialon", "ar": "تجارب"}[language] in page.header.get_text()


@pytest.mark.django_db
def test_an_open_site_answers_as_always(client, site):
    assert client.get("/").status_code == 200
    command("on")
    assert client.get("/").status_code == 503
    command("off")
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_an_open_site_costs_each_request_one_look_for_a_file(client, site, monkeypatch):
    looks = []
    exists = os.path.exists
    monkeypatch.setattr("delivery.maintenance.os.path.exists", lambda path: looks.append(path) or exists(path))
    client.get("/")
    assert [path for path in looks if path.endswith("maintenance.json")] == [maintenance._file()]


def test_readers_are_told_when_the_site_is_expected_back(client, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    maintenance.begin(minutes=90)
    response = client.get("/")
    assert response["Retry-After"] == "5400"
    expected = timezone.localtime(now + timedelta(minutes=90))
    assert f"{expected:%H:%M} ({expected.tzname()})" in response.content.decode()
    maintenance.begin(minutes=3 * 24 * 60)
    later = timezone.localtime(now + timedelta(days=3))
    assert f"{later.day} {later:%B %Y} at" in response_text(client)


def response_text(client, address="/"):
    return " ".join(soup_of(client.get(address)).body.get_text(" ").split())


def test_a_time_that_is_over_is_not_promised(client, monkeypatch):
    maintenance.begin(minutes=5)
    now = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr(timezone, "now", lambda: now)
    response = client.get("/")
    assert response["Retry-After"] == str(maintenance.ASK_AGAIN)
    assert "Please try again in a few minutes." in response.content.decode()


@pytest.mark.django_db
def test_the_command_remembers_names_and_messages_for_each_language(client, site):
    command("on", "--message", "We move house.", "--message", "cy=Rydym yn symud.")
    assert "Portal cy" in response_text(client, "/cy/")
    assert "Rydym yn symud." in response_text(client, "/cy/")
    arabic = soup_of(client.get("/ar/"))
    message = arabic.find(string="We move house.").parent
    assert (message["lang"], message["dir"]) == ("en", "ltr")


def test_the_command_works_without_a_database(client, no_database):
    assert "being worked on" in command("on", "--minutes", "20")
    assert client.get("/").status_code == 503
    assert command("off") == "The site is open.\n"


def test_the_command_tells_the_state(no_database):
    assert command() == "The site is open.\n"
    command("on", "--minutes", "20", "--admin-too")
    said = command()
    assert "expected back" in said
    assert "The admin is closed too." in said


@pytest.mark.parametrize(
    "arguments",
    [("on", "--minutes", "0"), ("on", "--minutes", "99999999999"), ("off", "--admin-too"), ("--minutes", "5")],
)
def test_the_command_refuses_what_makes_no_sense(arguments):
    with pytest.raises(CommandError):
        command(*arguments)
    assert maintenance.current() is None


def test_a_message_in_a_language_that_the_site_has_not_is_refused_by_name(no_database):
    with pytest.raises(CommandError, match='"fr" is no language of this site, which has en, cy, ar'):
        command("on", "--message", "Back soon.", "--message", "fr=Bonjour")
    assert maintenance.current() is None
    command("on", "--message", "en=re=start", "--message", "CY = Yn ôl cyn hir.")
    assert maintenance.current().messages == {"en": "re=start", "cy": "Yn ôl cyn hir."}
    command("on", "--message", "We move: e=mc2.")
    assert maintenance.current().messages == {"en": "We move: e=mc2."}


def test_what_a_reader_sends_is_not_lost_in_silence(client):
    maintenance.begin()
    response = client.post("/enquiries/", {"message": "A long thought."})
    assert response.status_code == 503
    page = soup_of(response)
    assert page.h1.get_text() == "Not sent"
    assert "has not reached us" in page.get_text()
    assert page.select("main a") == []


@pytest.mark.parametrize(
    "address",
    ["/api/v2/pages/", "/news/feed/", "/cy/newyddion/atom/", "/news/topics/policy/json/", "/sitemap.xml", "/news/a.md"],
)
def test_programs_get_a_short_text(client, address):
    maintenance.begin(minutes=5)
    response = client.get(address)
    assert response.status_code == 503
    assert response["Content-Type"].startswith("text/plain")
    assert response["Retry-After"]
    assert len(response.content) < 200


def test_whoever_takes_no_html_gets_a_short_text(client):
    maintenance.begin()
    response = client.get("/news/", headers={"accept": "application/json"})
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.django_db
def test_health_answers_as_always(client):
    maintenance.begin()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_staff_reach_the_admin_unless_it_is_closed_too(client, site):
    client.force_login(User.objects.create_superuser("root", "root@portal.example", "x"))
    maintenance.begin()
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin").status_code == 301
    assert client.get("/media/images/none.jpg").status_code == 404
    assert client.get("/administration/").status_code == 503
    maintenance.begin(is_admin_away=True)
    assert client.get("/admin/").status_code == 503
    assert client.get("/media/images/none.jpg").status_code == 503


@pytest.mark.django_db
def test_readers_cost_no_query_during_maintenance(client, site):
    maintenance.begin(names={"en": "Trials"})
    with CaptureQueriesContext(connection) as queries:
        client.get("/news/")
    assert len(queries) == 0


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '{"unknown": 1}', '{"back_at": "2099-01-01T10:00"}', '{"messages": "soon"}', '{"names": null}'],
)
def test_a_file_made_by_hand_is_meant_all_the_same(client, text):
    with open(maintenance._file(), "w", encoding="utf-8") as file:
        file.write(text)
    assert client.get("/").status_code == 503


def test_static_files_are_served(settings, tmp_path):
    from whitenoise.middleware import WhiteNoiseMiddleware

    names = settings.MIDDLEWARE
    static, ours = "whitenoise.middleware.WhiteNoiseMiddleware", "delivery.maintenance.MaintenanceMiddleware"
    assert names.index(static) < names.index(ours)
    settings.STATIC_ROOT = tmp_path / "static"
    (settings.STATIC_ROOT / "portal").mkdir(parents=True)
    (settings.STATIC_ROOT / "portal" / "site.css").write_text("p { margin: 0 }")
    maintenance.begin()
    chain = WhiteNoiseMiddleware(maintenance.MaintenanceMiddleware(lambda _request: None))
    assert chain(RequestFactory().get("/static/portal/site.css")).status_code == 200
    assert chain(RequestFactory().get("/static/portal/none.css")).status_code == 503
