"""A browser, a live server with a small site, and a watch over what readers' browsers complain of."""

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from core.models import User
from delivery import generation
from portal import roles
from tests.browser.admin import PASSWORD
from tests.browser.readers import Visit
from tests.factories import make_site

CHROMIUM = Path("/usr/bin/chromium")
TIMEOUT = 20_000  # milliseconds


@pytest.fixture(scope="session")
def beginning(django_db_setup):
    """What the migrations made.

    It is asked for before Playwright starts: beside Playwright's event loop Django opens other connections.
    """
    return connection._test_serialized_contents


@pytest.fixture(scope="module")
def chromium(beginning):
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: chromium)")
    # Playwright keeps an event loop in this thread, and Django refuses its ORM beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=TIMEOUT)
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def server(chromium):
    """The site on a port of this machine; pytest-django's own live server would empty the database too early."""
    live = LiveServer("localhost")
    assert not live.thread.connections_override, "the test database must be a file: see tests/settings.py"
    yield live
    live.stop()


@pytest.fixture
def put_back(chromium, beginning, django_db_blocker):
    """Tests with real transactions end by emptying every table: bring back what the migrations made."""
    connection._test_serialized_contents = beginning
    yield
    with django_db_blocker.unblock():
        connection.creation.deserialize_db_from_string(beginning)
    generation.forget()


@pytest.fixture
def site(put_back, transactional_db, django_db_serialized_rollback, settings, server):
    """The small site at the address of the live server."""
    settings.PUBLIC_URL = settings.WAGTAILADMIN_BASE_URL = server.url
    generation.forget()
    return make_site()


@pytest.fixture
def people(site):
    """An author and an editor, by name; both have the same password."""
    made = {name: User.objects.create_user(name, f"{name}@portal.example", PASSWORD) for name in ("author", "editor")}
    made["author"].groups.add(Group.objects.get(name=roles.AUTHORS))
    made["editor"].groups.add(Group.objects.get(name=roles.EDITORS))
    return made


@pytest.fixture
def visit(chromium, site, server):
    """Return a function that opens a browser of its own, whose complaints are collected."""
    opened = []

    def open_one(**options):
        options = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **options}
        context = chromium.new_context(base_url=server.url, **options)
        context.set_default_timeout(TIMEOUT)
        opened.append(Visit(context, server.url))
        return opened[-1]

    open_one.opened = opened
    yield open_one
    for visited in opened:
        visited.context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Say with a failed test what the browsers show at that moment: where it runs there may be nothing else to see."""
    report = yield
    if call.when == "call" and report.failed and "visit" in item.funcargs:
        shown = "\n\n".join(visited.describe() for visited in item.funcargs["visit"].opened)
        report.sections.append(("What the browsers show", shown))
    return report
