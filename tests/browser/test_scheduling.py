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

PATIENCE = timedelta(seconds=60)  # the process itself starts slowly on a busy machine


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


def wait_for_change(visit, addresses, before, after, moment):
    """Look at addresses until they have other statuses, as a reader who presses reload; none changes too early."""
    while (found := [visit.page.goto(address).status for address in addresses]) != after:
        now = timezone.now()
        assert found == before if now < moment else now < moment + PATIENCE, f"{found} at {now}, due {moment}"
        time.sleep(0.3)
    assert timezone.now() >= moment


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
    coming, expiring = make_article(site, "Coming news", live=False), make_article(site, "Old news")
    began = time.monotonic()
    reader.open("/news/coming-news/", status=404)
    reader.open("/news/old-news/")
    # Both are seen once more before it: the later, the slower the machine is.
    moment = timezone.now() + timedelta(seconds=4 + 5 * (time.monotonic() - began))
    coming.go_live_at = expiring.expire_at = moment
    for article in (coming, expiring):
        article.save_revision().publish()
    reader.open("/news/coming-news/", status=404)
    reader.open("/news/old-news/")
    wait_for_change(reader, ["/news/coming-news/", "/news/old-news/"], [404, 200], [200, 404], moment)
    reader.open("/news/")
    expect(reader.page.locator("main")).to_contain_text("Coming news")
    expect(reader.page.locator("main")).not_to_contain_text("Old news")
    reader.check()
