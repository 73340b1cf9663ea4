"""Settings fail safe, and stand in the operations guide."""

import os
import re
import secrets
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from portal import caches, databases, error_reports, front_caches, mailing, stores, translators
from portal.environment import Environment, Refused

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs/operations.md").read_text()
NAMES = re.findall(r"^\| `([A-Z_]+)`", GUIDE, re.MULTILINE)


def settings_of(tmp_path, expression="'started'", **environment):
    """Load the production settings in a process of their own and evaluate an expression on them."""
    clean = {name: value for name, value in os.environ.items() if name not in [*NAMES, "DJANGO_SETTINGS_MODULE"]}
    code = f"from portal import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**clean, "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_refuses_to_start_and_names_what_is_missing(tmp_path):
    result = settings_of(tmp_path)
    assert result.returncode != 0
    assert "SECRET_KEY and ALLOWED_HOSTS" in result.stderr
    assert "set ALLOWED_HOSTS in" in settings_of(tmp_path, SECRET_KEY="x").stderr


def test_plain_http_is_only_for_this_machine(tmp_path):
    given = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "news.example", "PUBLIC_URL": "http://news.example"}
    assert "plain http" in settings_of(tmp_path, **given).stderr
    assert settings_of(tmp_path, **given, ALLOW_HTTP="1").returncode == 0


def test_https_makes_cookies_secure_and_https_stays(tmp_path):
    names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    expression = ", ".join(f"settings.{name}" for name in names)
    result = settings_of(tmp_path, expression, SECRET_KEY="x", ALLOWED_HOSTS="news.example")
    assert result.stdout.strip() == "__Host-session True True 31536000", result.stderr


def test_the_checks_for_production_that_the_guide_names_find_nothing_in_the_settings_it_names(tmp_path):
    given = {"VAR_DIR": str(tmp_path), "SECRET_KEY": secrets.token_urlsafe(50), "ALLOWED_HOSTS": "news.example"}
    clean = {name: value for name, value in os.environ.items() if name not in [*NAMES, "DJANGO_SETTINGS_MODULE"]}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=clean | given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_language_that_django_does_not_know_is_refused_by_name(tmp_path):
    given = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "news.example"}
    result = settings_of(tmp_path, **given, LANGUAGES="en,so,mt")
    assert result.returncode != 0
    assert "LANGUAGES names so and mt, which" in result.stderr
    assert " cy " in result.stderr
    codes = "settings.LANGUAGE_CODE, *(code for code, _ in settings.LANGUAGES)"
    for written in ("en,pt-xx,zh-hans,zh-cn", "EN, pt-XX , zh-Hans,en,zh-CN,zh-hans"):
        result = settings_of(tmp_path, codes, **given, LANGUAGES=written)
        assert result.stdout.split() == ["en", "en", "pt-xx", "zh-hans", "zh-cn"], result.stderr
    assert "LANGUAGES names no language." in settings_of(tmp_path, **given, LANGUAGES=",").stderr


def test_senders_may_have_a_name_and_reports_go_to_the_address_alone(tmp_path):
    given = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "news.example", "MAIL_FROM": "Newsroom <news@example.org>"}
    expression = "(settings.DEFAULT_FROM_EMAIL, settings.MAIL_BOUNCES)"
    result = settings_of(tmp_path, expression, **given)
    assert result.stdout.strip() == "('Newsroom <news@example.org>', 'news@example.org')", result.stderr
    result = settings_of(tmp_path, expression, **given, MAIL_BOUNCES="Reports <bounces@example.org>")
    assert result.stdout.strip() == "('Newsroom <news@example.org>', 'bounces@example.org')", result.stderr


@pytest.mark.parametrize("name", ["MAIL_FROM", "MAIL_BOUNCES"])
@pytest.mark.parametrize(
    "value",
    [
        "Newsroom",
        "Newsroom, Press <news@example.org>",
        "a@example.org, b@example.org",
        "news@",
        "a b@e.org",
        "a@e.org,",
    ],
)
def test_what_is_not_one_address_is_refused_by_name(tmp_path, name, value):
    result = settings_of(tmp_path, SECRET_KEY="x", ALLOWED_HOSTS="news.example", **{name: value})
    assert f"Portal cannot start: {name} must be one address" in result.stderr


@pytest.mark.parametrize("value", ["news@[127.0.0.1", "<", "=?x", "(", "[", "a <b@c.org", ",a@e.org", "a@e.org,,"])
def test_what_no_reader_of_addresses_understands_is_refused_by_name(value):
    with pytest.raises(Refused, match="MAIL_FROM must be one address") as refusal:
        mailing.address("MAIL_FROM", value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("value", ["Portal Inc. <news@example.org>", "J. Smith <news@example.org>"])
def test_the_name_of_a_sender_may_have_a_full_stop(value):
    assert mailing.address("MAIL_FROM", value) == "news@example.org"


@pytest.mark.parametrize("name", ["KEEP_ENQUIRIES_DAYS", "KEEP_SPAM_DAYS"])
@pytest.mark.parametrize(("days", "is_taken"), [("-1", False), ("0", True), ("36500", True), ("999999", False)])
def test_period_that_would_erase_everything_or_has_no_date_is_refused_by_name(tmp_path, name, days, is_taken):
    result = settings_of(tmp_path, SECRET_KEY="x", ALLOWED_HOSTS="news.example", **{name: days})
    assert (result.returncode == 0) == is_taken
    assert (f"Portal cannot start: {name} is {days}, and must be" in result.stderr) != is_taken


@pytest.mark.parametrize(
    ("ask", "value"),
    [
        *[(lambda env: env.number("ODD", default=1), value) for value in ("64MB", "-1", "1e3", "1_0", "²", "1000001")],
        *[(lambda env: env.flag("ODD"), value) for value in ("enabled", "ja", "2")],
        *[(lambda env: env.time_zone("ODD", default="UTC"), value) for value in ("Europe/Cardiff", "/etc/passwd")],
    ],
)
def test_number_switch_or_zone_that_is_none_is_refused_by_name(monkeypatch, ask, value):
    monkeypatch.setenv("ODD", value)
    with pytest.raises(Refused, match=f"Portal cannot start: ODD is {re.escape(value)}, and must be"):
        ask(Environment())


@pytest.mark.parametrize(
    ("said", "expected"), [("", False), ("0", False), ("Off", False), (" 1 ", True), ("yes", True), ("True", True)]
)
def test_switch_knows_yes_and_no(monkeypatch, said, expected):
    monkeypatch.setenv("SWITCH", said)
    assert Environment().flag("SWITCH") is expected


@pytest.mark.parametrize(
    ("read", "name", "values"),
    [
        (
            lambda url: databases.read(url, 600),
            "DATABASE_URL",
            "portal.sqlite3 sqlite:// sqlite:/// mysql://u:secret@h/d postgres://u:secret@h postgres://u:sec/ret@h/d "
            "postgres://u:secret@h:x/d",
        ),
        (
            lambda url: caches.read(url, "pages"),
            "CACHE_URL",
            "redis localhost:6379 redis://:secret@h:x/0 redis://:sec/ret@h/0 memcache://h redis:// redis://[h",
        ),
        (front_caches.read, "FRONT_CACHE_URL", "varnish foo://h http:// http://h:x http://[h"),
        (
            lambda url: mailing.read(url, 10),
            "EMAIL_URL",
            "smtp foo://h smtp:// smtp://h:x mail.example:587 smtp+tls://u:sec#ret@h:587 smtp://u:sec[ret@h anymail://[h",
        ),
        (
            mailing.mailbox,
            "MAILBOX_URL",
            "foo pop3://h imaps:///INBOX imaps://u:sec/ret@h/INBOX imap://u:secret@h/INBOX imaps://[h/INBOX",
        ),
        (lambda url: stores.read(url, "media"), "STORAGE_URL", "media s3:// s3://buck[et"),
        (translators.read, "MACHINE_TRANSLATION_URL", "foo deepl:// libretranslate://h deepl://a[b"),
        (error_reports.begin, "SENTRY_DSN", "foo https://h https://key@[h/1"),
    ],
)
def test_address_that_is_none_is_refused_by_name_and_without_its_password(read, name, values):
    for value in values.split():
        with pytest.raises(Refused, match=f"Portal cannot start: {name} (must|with)") as refusal:
            read(value)
        assert "sec" not in "".join(traceback.format_exception(refusal.value)).partition("Refused:")[2]
        assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda url: databases.read(url, 600)["PASSWORD"], "postgres://u:p#w@h/d"),
        (lambda url: databases.read(url, 600)["NAME"], "postgres:///d?host=/run/postgresql"),
        (lambda url: caches.read(url, "pages")["pages"]["LOCATION"], "redis:///run/redis.sock"),
        (mailing.mailbox, "imap://portal:secret@127.0.0.1/INBOX"),
        (translators.read, "deepl://abc-123:fx"),
    ],
)
def test_address_that_is_unusual_but_clear_is_taken(read, value):
    assert read(value)


def test_folder_that_cannot_be_made_is_refused_by_name():
    result = settings_of("/proc/portal", SECRET_KEY="x", ALLOWED_HOSTS="news.example")
    assert "Portal cannot start: VAR_DIR is /proc/portal, which cannot be made" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "expression", "expected"),
    [
        ("LANGUAGES", "en,fr", "[code for code, _ in settings.LANGUAGES]", "['en', 'fr']"),
        ("PUBLIC_URL", "http://[::1]:8000", "settings.MAIL_BOUNCES", "portal@[IPv6:::1]"),
        ("TIME_ZONE", "Europe/Paris", "settings.TIME_ZONE", "Europe/Paris"),
        ("STORAGE_URL", "file:///srv/media", "settings.MEDIA_ROOT", "/srv/media"),
        ("STORAGE_URL", "s3://bucket/place", "settings.STORAGES['default']['OPTIONS']['bucket_name']", "bucket"),
        ("EMAIL_URL", "smtp+tls://a:b@mail.example:587", "settings.EMAIL_HOST", "mail.example"),
        (
            "DATABASE_URL",
            "postgres://u@h/d",
            "settings.DATABASES['default']['ENGINE']",
            "django.db.backends.postgresql",
        ),
        ("CACHE_URL", "redis://127.0.0.1:6379/1", "settings.CACHES['pages']['LOCATION']", "redis://127.0.0.1:6379/1"),
        (
            "CACHE_URL",
            "redis://127.0.0.1:6379/1?socket_timeout=3",
            "sorted(settings.CACHES['pages']['OPTIONS'].items())",
            "[('socket_connect_timeout', 1), ('socket_timeout', 3)]",
        ),
    ],
)
def test_environment_decides(tmp_path, name, value, expression, expected):
    given = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "127.0.0.1", "PUBLIC_URL": "http://127.0.0.1", name: value}
    result = settings_of(tmp_path, expression, **given)
    assert result.stdout.strip() == expected, result.stderr


def test_a_relative_folder_of_data_is_taken_from_where_portal_is_started(tmp_path):
    expression = "settings.VAR_DIR, settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH"
    relative = os.path.relpath(tmp_path, ROOT)
    result = settings_of(relative, f"*map(str, ({expression}))", SECRET_KEY="x", ALLOWED_HOSTS="news.example")
    data = tmp_path.resolve()
    assert result.stdout.split() == [str(data), f"{data}/media", f"{data}/mail"], result.stderr


def test_every_variable_is_in_the_operations_guide():
    source = (ROOT / "portal/settings.py").read_text()
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', source)) | {"SECRET_KEY", "ALLOWED_HOSTS"}
    assert read == set(NAMES)


def test_a_blank_value_is_as_none(tmp_path):
    given = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "news.example"}
    said = "{name: value for name, value in vars(settings).items() if name.isupper() and 'LANGUAGES' not in name}"
    expected = settings_of(tmp_path, said, **given)
    for blank in ("", " "):
        optional = {name: blank for name in NAMES if name not in ("VAR_DIR", *given)}
        result = settings_of(tmp_path, said, **optional, **given)
        assert result.stdout == expected.stdout, result.stderr
    assert f"'MEDIA_ROOT': PosixPath('{tmp_path}/media')" in expected.stdout
    assert "SECRET_KEY and ALLOWED_HOSTS" in settings_of(tmp_path, SECRET_KEY=" ", ALLOWED_HOSTS=" , ").stderr


def test_what_begins_with_a_dollar_is_a_value_like_any_other(tmp_path):
    given = {"ALLOWED_HOSTS": "news.example", "NAMED": "another"}
    for secret in ("$^a8=(2!", "$NAMED", "$SECRET_KEY"):
        result = settings_of(tmp_path, "settings.SECRET_KEY", **given, SECRET_KEY=secret)
        assert result.stdout.strip() == secret, result.stderr


def test_spaces_between_hosts_are_not_part_of_their_names(tmp_path):
    given = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "news.example.org, www.example.org ,"}
    assert settings_of(tmp_path, "settings.ALLOWED_HOSTS", **given).stdout.split() == [
        "['news.example.org',",
        "'www.example.org']",
    ]


@pytest.mark.parametrize(
    "url", ["file://srv/media", "file://", "file:///", "gs://bucket/folder", "s3:///folder", "media"]
)
def test_a_place_for_files_that_is_neither_folder_nor_bucket_is_refused(tmp_path, url):
    result = settings_of(tmp_path, SECRET_KEY="x", ALLOWED_HOSTS="news.example", STORAGE_URL=url)
    assert "STORAGE_URL must name a folder, such as file:///srv/media" in result.stderr


@pytest.mark.parametrize(
    ("hosts", "url", "said"),
    [
        ("*", "", "PUBLIC_URL is https:, which"),
        ("news.example", "news.example", "PUBLIC_URL is news.example, which"),
        ("127.0.0.1", "http://127.0.0.1:abc", "PUBLIC_URL is http://127.0.0.1:abc, which"),
        ("127.0.0.1", "http://[::1", "PUBLIC_URL is http://[::1, which"),
    ],
)
def test_an_address_that_readers_cannot_use_is_refused(tmp_path, hosts, url, said):
    assert said in settings_of(tmp_path, SECRET_KEY="x", ALLOWED_HOSTS=hosts, PUBLIC_URL=url).stderr


def test_a_command_says_plainly_what_is_missing(tmp_path):
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "makemigrations", "--check"]
    said = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "SECRET_KEY and ALLOWED_HOSTS" in said.stderr
    assert "Traceback" not in said.stderr
