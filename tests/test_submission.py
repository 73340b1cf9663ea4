"""Many pages sent to the translators at once, with a real worker that is killed in the middle."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.running import ROOT, Running

pytestmark = pytest.mark.processes
ARTICLES = int(os.environ.get("SUBMITTED_ARTICLES", "24"))
WRITE = f"""
from django.utils import timezone
from news.models import ArticleKind, ArticlePage, NewsIndexPage
news = NewsIndexPage.objects.get()
kind = ArticleKind.objects.first()
for number in range({ARTICLES}):
    news.add_child(instance=ArticlePage(
        title=f"Article {{number}}", summary=f"Summary {{number}}", locale=news.locale, kind=kind,
        published_on=timezone.now()))
"""
SEND = """
import time
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Locale
from news.models import NewsIndexPage
client = Client(headers={"host": "127.0.0.1"})
client.force_login(get_user_model().objects.create_superuser("boss", "boss@portal.example", "seven small otters"))
locales = [locale.pk for locale in Locale.objects.exclude(language_code="en")]
address = f"/admin/localize/submit/page/{NewsIndexPage.objects.get().pk}/"
client.get(address)
began = time.monotonic()
answer = client.post(address, {"locales": locales, "include_subtree": "on"})
print(answer.status_code, round(time.monotonic() - began, 3), len(locales))
"""
RESUME = """
from translation import submission
from translation.models import Submission
Submission.objects.update(touched_on="2020-01-01T00:00Z")
submission.resume_stalled()
"""
RESULT = """
from django.db.models import Count
from wagtail.models import Page
from wagtail_localize.models import Translation
from news.models import ArticlePage
doubled = ArticlePage.objects.values("translation_key", "locale").annotate(n=Count("pk")).filter(n__gt=1).count()
made = ArticlePage.objects.exclude(locale__language_code="en")
live = made.filter(live=True).count()
records = Translation.objects.filter(source__specific_content_type__model="articlepage").count()
print(made.count(), doubled, live, records, len(Page.find_problems()[0]))
"""


def worker(site):
    # Nice: the other tests measure how fast things start.
    command = ["nice", sys.executable, "manage.py", "db_worker", "--queue-name", "*", "--verbosity", "0"]
    return subprocess.Popen(command, cwd=ROOT, env=site.env, start_new_session=True)


def wait_for(site, enough, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.closing(sqlite3.connect(site.folder / "portal.sqlite3")) as database:
            states = dict(database.execute("SELECT state, COUNT(*) FROM translation_submittedpage GROUP BY state"))
        done = states.pop("done", 0)
        rest = sum(states.values())
        if enough(done, rest):
            return done
        time.sleep(0.1)
    raise AssertionError(f"{done} done, {rest} not")


@pytest.mark.timeout(1800 + 3 * ARTICLES)
def test_a_killed_worker_loses_and_doubles_nothing(tmp_path):
    site = Running(tmp_path)
    site.env |= {"SECRET_KEY": "s", "ALLOWED_HOSTS": "127.0.0.1", "PUBLIC_URL": "http://127.0.0.1"}
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=site.env, check=True, capture_output=True)
    site.manage(WRITE)
    status, seconds, languages = site.manage(SEND).split()
    assert status == "302"
    print(f"the click: {seconds} s for {ARTICLES} articles into {languages} languages")
    first = worker(site)
    done = wait_for(site, lambda done, rest: done > 1, 600)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert done < ARTICLES, "the worker was killed in the middle"
    site.manage(RESUME)
    second = worker(site)
    wait_for(site, lambda done, rest: rest == 0, 600 + 3 * ARTICLES)
    os.killpg(second.pid, signal.SIGKILL)
    second.wait()
    made, doubled, live, records, broken = map(int, site.manage(RESULT).split())
    expected = ARTICLES * int(languages)
    assert (made, doubled, live, records, broken) == (expected, 0, 0, expected, 0)
