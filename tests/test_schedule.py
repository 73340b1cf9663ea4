"""Scheduled publishing and expiry: on time, listed at once, and one broken page holds up no other."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import privacy
from core.pictures import make_all
from news.models import ArticleListing, ArticlePage
from newsletter import sending
from portal import schedule
from portal.management.commands import scheduler
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PAST = timedelta(minutes=-1)


@pytest.fixture(autouse=True)
def nothing_failed_before(monkeypatch):
    monkeypatch.setattr(schedule, "_retry_after", {})


def plan(article, delta=PAST):
    article.go_live_at = timezone.now() + delta
    article.save_revision(approved_go_live_at=article.go_live_at)


def test_due_article_goes_live_and_is_listed(client, site):
    plan(make_article(site, "Due", live=False, published_on=None))
    plan(make_article(site, "Later", live=False), timedelta(hours=1))
    assert schedule.run_due() == 1
    assert client.get("/news/due/").status_code == 200
    assert client.get("/news/later/").status_code == 404
    assert list(ArticleListing.objects.values_list("title", flat=True)) == ["Due"]
    assert timezone.now() - ArticlePage.objects.get(title="Due").published_on < timedelta(minutes=1)
    assert schedule.run_due() == 0


@pytest.mark.parametrize("run", [schedule.run_due, lambda: call_command("publish_scheduled")])
def test_expired_article_disappears_from_lists_too(client, site, run):
    make_article(site, "Over", expire_at=timezone.now() + PAST)
    run()
    assert client.get("/news/over/").status_code == 404
    assert not ArticleListing.objects.exists()


def test_broken_page_holds_up_no_other(client, site, monkeypatch):
    broken = make_article(site, "Broken", live=False)
    plan(broken, timedelta(minutes=-5))
    plan(make_article(site, "Sound", live=False))
    save = ArticlePage.save

    def fail(self, *args, **kwargs):
        if self.title == "Broken":
            raise RuntimeError("broken")
        return save(self, *args, **kwargs)

    monkeypatch.setattr(ArticlePage, "save", fail)
    assert schedule.run_due() == 1
    assert client.get("/news/sound/").status_code == 200
    monkeypatch.setattr(ArticlePage, "save", save)
    assert schedule.run_due() == 0
    monkeypatch.setattr(schedule, "_retry_after", {})
    assert schedule.run_due() == 1


def test_nothing_due_writes_nothing(site, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as queries:
        schedule.run_due()
    assert not [query for query in queries.captured_queries if not query["sql"].startswith("SELECT")]


def test_tasks_of_a_dead_worker_are_handed_back(db, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    make_all.enqueue(1)
    lost = DBTaskResult.objects.get()
    lost.claim("dead-worker")
    assert schedule.revive_lost_tasks() == 0
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(minutes=20))
    assert schedule.revive_lost_tasks() == 1
    lost.refresh_from_db()
    assert lost.status == "READY"


class Rounds:
    """Stands for the event that stops the scheduler, after three rounds."""

    def __init__(self):
        self.left = 3

    def wait(self, seconds):
        self.left -= 1
        return not self.left


def test_step_that_fails_holds_up_no_other_and_daily_ones_wait_for_the_next_day(site, settings, monkeypatch, caplog):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    done = []

    def fail():
        done.append("failed")
        raise OverflowError

    holders = [privacy.Holder(name, None, None, step) for name, step in (("a", fail), ("b", lambda: done.append("b")))]
    monkeypatch.setattr(privacy, "_holders", holders)
    for module, name in ((schedule, "run_due"), (schedule, "revive_lost_tasks"), (scheduler.pictures, "complete_all")):
        monkeypatch.setattr(module, name, fail)
    monkeypatch.setattr(sending, "start_due", lambda: done.append("round"))
    monkeypatch.setattr(scheduler.report, "count", lambda: done.append("minute"))
    monkeypatch.setattr(scheduler, "close_old_connections", lambda: None)
    monkeypatch.setattr(scheduler, "TIDY_AFTER", 0)
    monkeypatch.setattr(scheduler.threading, "Event", Rounds)
    monkeypatch.setattr(scheduler.signal, "signal", lambda *args: None)
    call_command("scheduler")
    # Of the first round: each time what follows what failed.
    first = ["failed", "round", "failed", "minute", "failed", "failed", "b"]
    assert done == [*first, "failed", "round", "failed", "round"]
    assert caplog.text.count("goes on") == done.count("failed")
