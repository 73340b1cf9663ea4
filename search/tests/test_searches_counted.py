"""What readers searched for is counted by the scheduler: no line lost, and none counted twice."""

import multiprocessing
import os
import signal
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from delivery import generation
from portal.management.commands import scheduler
from search import ledger, report
from search.models import CountedFile, SearchCount
from search.tests.searches import lines, rows

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("same_day")]


def test_file_that_nobody_counts_stays_small(client, own_ledger, monkeypatch):
    monkeypatch.setattr(ledger, "MAX_BYTES", 150)
    for _ in range(10):
        report.note_search("trial", "en", 1)
    assert 0 < len(lines(own_ledger)) < 5


def test_unfinished_and_foreign_lines_are_left_out(own_ledger):
    report.note_search("trial", "en", 1)
    torn = b'["2026-11-25", "en", "tri\n\xff\xfe\n[]\n{}\n["x","en","y",{}]\n["2026-11-25","en","y",[]]\nnull\n'
    with open(own_ledger / "searches-of-a-test.log", "ab") as file:
        file.write(torn)
    report.note_search("trial", "en", 1)
    assert report.count() == 2
    assert rows() == [("en", "trial", 2, 0, 0, 0)]


def test_too_many_different_searches_count_without_their_words(own_ledger, monkeypatch):
    monkeypatch.setattr(report, "MAX_QUERIES_A_DAY", 3)
    for query in ("often", "often", "a", "b", "c", "d"):
        report.note_search(query, "en", 1)
    report.count()
    for query in ("often", "e"):
        report.note_search(query, "en", 1)
    report.count()
    assert sum(row[2] for row in rows()) == 8
    assert len(rows()) == 4
    assert ("en", "often", 3, 0, 0, 0) in rows()


def test_many_different_searches_take_few_queries(own_ledger, django_assert_max_num_queries):
    for number in range(2_000):
        report.note_search(f"word {number}", "en", number % 2)
    with django_assert_max_num_queries(60):
        report.count()
    assert SearchCount.objects.count() == 2_000
    report.note_search("word 7", "en", 0)
    report.count()
    assert SearchCount.objects.get(query="word 7").searches == 2


def test_no_line_is_lost_while_the_file_is_renamed(own_ledger):
    total = 8 * 150

    def write():
        for _ in range(150):
            report.note_search("trial", "en", 1)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    counted = 0
    while any(thread.is_alive() for thread in threads):
        counted += report.count()
    counted += report.count()
    assert counted == total
    assert rows() == [("en", "trial", total, 0, 0, 0)]


def test_writer_that_was_late_writes_into_the_new_file(own_ledger, monkeypatch):
    """It had the file open when it was renamed, and gets its lock after that."""
    report.note_search("first", "en", 1)
    flock, renamed = ledger.fcntl.flock, []

    def late(file, kind):
        if kind == ledger.fcntl.LOCK_SH and not renamed:
            renamed.append(report.count())
        flock(file, kind)

    monkeypatch.setattr(ledger.fcntl, "flock", late)
    report.note_search("second", "en", 1)
    assert renamed == [1]
    assert [line[2] for line in lines(own_ledger)] == ["second"]


def test_only_one_process_counts_at_a_time(own_ledger):
    report.note_search("trial", "en", 1)
    with ledger.closed_files() as files:
        assert len(files) == 1
        assert report.count() == 0
    assert report.count() == 1


def _die(where):
    """Count in this process until a certain moment, and be killed there."""

    def killed(*args, **kwargs):
        os.kill(os.getpid(), signal.SIGKILL)

    if where == "after the rename":
        ledger._wait_for_writers = killed
    elif where == "in the transaction":
        add = report._add
        report._add = lambda found: (add(found), killed())
    else:
        Path.unlink = killed
    report.count()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("where", ["after the rename", "in the transaction", "before the deletion"])
def test_process_killed_in_the_middle_loses_nothing_and_counts_nothing_twice(own_ledger, where):
    for _ in range(3):
        report.note_search("trial", "en", 0)
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=_die, args=(where,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert list(own_ledger.glob("*.closed"))
    report.note_search("trial", "en", 0)
    report.count()
    assert rows() == [("en", "trial", 4, 4, 0, 0)]
    assert not list(own_ledger.glob("*.closed"))
    assert not CountedFile.objects.exists()


def test_old_rows_are_removed(own_ledger):
    today = timezone.localdate()
    for days in (0, 400, 401):
        SearchCount.objects.create(day=today - timedelta(days=days), language="en", query=f"{days}")
    report.tidy()
    assert sorted(SearchCount.objects.values_list("query", flat=True)) == ["0", "400"]


def test_scheduler_counts_and_tidies(own_ledger, settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(scheduler, "close_old_connections", lambda: None)
    report.note_search("trial", "en", 1)
    SearchCount.objects.create(day="2020-01-01", language="en", query="old")
    call_command("scheduler", once=True)
    assert rows() == [("en", "trial", 1, 0, 0, 0)]


def test_host_without_a_scheduler_counts_by_a_command(own_ledger):
    report.note_search("trial", "en", 1)
    out = StringIO()
    for _time in range(2):
        call_command("count_searches", verbosity=2, stdout=out)
    assert rows() == [("en", "trial", 1, 0, 0, 0)]
    assert out.getvalue() == "Lines counted: 1\nLines counted: 0\n"
    assert not list(own_ledger.glob("*.closed"))


def test_counting_moves_no_generation(own_ledger):
    before = generation.table_number()
    report.note_search("trial", "en", 1)
    report.count()
    assert generation.table_number() == before
