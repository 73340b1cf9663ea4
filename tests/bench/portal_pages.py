"""Called in a worker that runs Portal: the addresses of its pages, and what publishing one article costs."""

import time

from django.db import transaction
from django_tasks_db.models import DBTaskResult
from wagtail.models import Revision

from core.paging import cursor_of
from news.models import ArticleListing, ArticlePage
from news.models.index import ROWS_PER_PAGE
from tests.bench import content

# Not among the newest, whose titles are their own.
PLACE = content.RARE_ARTICLES + 5


def addresses():
    """Return {name of a page: its address}; the deep page is in the middle of the archive."""
    rows = ArticleListing.objects.order_by("-published_on", "-page_id")
    half = max(1, rows.count() // ROWS_PER_PAGE // 2)
    cursor = cursor_of(rows[half * ROWS_PER_PAGE - 1])
    return {
        "article": f"/news/article-{PLACE}/",
        "index": "/news/",
        "index, deep": f"/news/?before={cursor}",
        "topic": "/news/topics/policy/",
        "home": "/",
        "search": f"/search/?q={content.RARE}",
        "feed": "/news/feed/",
        "search, a tenth found": f"/search/?q={content.COMMON}",
    }


def publish(times):
    """Return what it costs to change an article and publish it: {"cpu", "elapsed": seconds of one}.

    The article is changed as the admin does: a revision is saved and published in one transaction, with all signals,
    and the tasks of the worker are queued after it.
    """
    spent = [_publish_once(number) for number in range(times)]
    DBTaskResult.objects.all().delete()
    return {name: sum(one[name] for one in spent) / times for name in ("cpu", "elapsed")}


def _publish_once(number):
    article = ArticlePage.objects.get(slug=f"article-{PLACE}")
    Revision.objects.for_instance(article).delete()
    article = ArticlePage.objects.get(pk=article.pk)
    article.summary = f"{content.text(PLACE).summary} {number}"
    cpu, elapsed = time.process_time(), time.perf_counter()
    with transaction.atomic():
        article.save_revision().publish()
    return {"cpu": time.process_time() - cpu, "elapsed": time.perf_counter() - elapsed}


def publish_new(times):
    """Return what it costs to write a new article and publish it, as ``publish`` does; it is deleted again."""
    spent = []
    for _time in range(times):
        model = ArticlePage.objects.get(slug=f"article-{PLACE}")
        article = ArticlePage(
            title="Brand new", summary="New.", body=model.body, kind=model.kind, locale=model.locale, live=False
        )
        parent = model.get_parent()
        cpu, elapsed = time.process_time(), time.perf_counter()
        with transaction.atomic():
            parent.add_child(instance=article)
            article.save_revision().publish()
        spent.append({"cpu": time.process_time() - cpu, "elapsed": time.perf_counter() - elapsed})
        ArticlePage.objects.get(slug="brand-new").delete()
    DBTaskResult.objects.all().delete()
    return {name: sum(one[name] for one in spent) / times for name in ("cpu", "elapsed")}
