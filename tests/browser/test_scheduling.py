"""Articles appear and disappear at their time, with nobody at the desk."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from news.models import ArticlePage
from tests.browser import admin
from tests.factories import make_article

pytestmark = pytest.mark.browser

PATIENCE = 60  # seconds; the process itself starts slowly on a busy machine


@pytest.fixture
def scheduler(site):
    """The site's own scheduler process, on the database of the test."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "VAR_DIR": str(settings.VAR_DIR),
    }
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "scheduler", "--every", "0.5"]
    process = subprocess.Popen(command, env=environment)
    yield process
    process.terminate()
    assert process.wait(20) == 0


def wait_for_status(visit, address, status):
    """Look at an address until it has the status, as a reader who presses reload."""
    end = time.monotonic() + PATIENCE
    while (found := visit.page.goto(address).status) != status:
        assert time.monotonic() < end, f"{address} is still {found}"
        time.sleep(0.3)


def test_a_schedule_set_at_the_desk_keeps_an_article_back(site, people, visit):
    desk, reader = visit(), visit()
    page = desk.page
    admin.sign_in(page, "editor")
    page.goto(f"/admin/pages/add/news/articlepage/{site.news['en'].pk}/")
    admin.field(page, "title").fill("Later news")
    admin.field(page, "summary").fill("Not yet.")
    admin.choose(page, "kind", "Statement")
    admin.save(page)
    admin.schedule(page, go_live="2099-07-01 09:30", expire="2099-08-01 09:30")
    admin.save(page, "Schedule to publish")
    article = ArticlePage.objects.get(slug="later-news")
    # Half past nine in London in summer.
    assert article.scheduled_revision.approved_go_live_at == datetime(2099, 7, 1, 8, 30, tzinfo=UTC)
    reader.open("/news/later-news/", status=404)
    reader.open("/news/")
    expect(reader.page.locator("main")).not_to_contain_text("Later news")


def test_articles_go_live_and_expire_by_themselves(site, visit, scheduler):
    reader = visit()
    expiring = make_article(site, "Old news", expire_at=timezone.now() + timedelta(seconds=4))
    coming = make_article(site, "Coming news", live=False)
    coming.go_live_at = timezone.now() + timedelta(seconds=4)
    coming.save_revision().publish()
    reader.open("/news/coming-news/", status=404)
    reader.open("/news/old-news/")
    wait_for_status(reader, "/news/coming-news/", 200)
    wait_for_status(reader, "/news/old-news/", 404)
    assert timezone.now() >= max(coming.go_live_at, expiring.expire_at)
    reader.open("/news/")
    expect(reader.page.locator("main")).to_contain_text("Coming news")
    expect(reader.page.locator("main")).not_to_contain_text("Old news")
    reader.check()
