"""Issues that assemble themselves from what was published, when their time has come."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from news.models import ArticleListing
from newsletter import sending
from newsletter.models import Digest, Frequency, Issue, IssueArticle
from newsletter.rendering import readable

# An issue with one article says in its subject which.
SUBJECT_LENGTH = Issue._meta.get_field("subject").max_length


def assemble_due():
    """Make the issues that are due; return how many."""
    return sum(_assemble(pk) for pk in Digest.objects.filter(is_on=True).values_list("pk", flat=True))


@transaction.atomic
def _assemble(pk):
    """Make the issues of one digest; of two schedulers at once, the second finds them made."""
    digest = Digest.objects.select_for_update().select_related("locale").get(pk=pk)
    now = timezone.now()
    until = closes(digest, now)
    if until is None or not digest.is_on:
        return 0
    found = _articles(digest, until)
    Digest.objects.filter(pk=pk).update(since=until)
    if not found:
        return 0
    editions = [[article] for article in found] if digest.frequency == Frequency.EACH else [found]
    for articles in editions:
        _make(digest, articles)
    return len(editions)


def closes(digest, now):
    """Return until when what was published is in the issue that is due now, or None where none is due.

    Args:
        digest: the ``Digest``; what was published before its ``since`` is in no issue.
        now: the moment.
    """
    if digest.since is None:
        # From now on: nobody is sent the archive.
        Digest.objects.filter(pk=digest.pk).update(since=now)
        return None
    if digest.frequency == Frequency.EACH:
        until = now - timedelta(minutes=digest.delay_minutes)
    else:
        until = _last_time(digest, timezone.localtime(now))
    return until if until > digest.since else None


def _last_time(digest, now):
    """Return the last moment, at or before now, at which a weekly or monthly digest closes, in local time."""
    at = now.replace(hour=digest.hour, minute=0, second=0, microsecond=0)
    if digest.frequency == Frequency.WEEKLY:
        at -= timedelta(days=(at.weekday() - digest.weekday) % 7)
        return at if at <= now else at - timedelta(days=7)
    at = at.replace(day=digest.day)
    return at if at <= now else (at.replace(day=1) - timedelta(days=1)).replace(day=digest.day)


def _articles(digest, until):
    """Return the rows of articles first published in time that stand in no issue of the digest, oldest first."""
    rows = ArticleListing.shown.filter(
        locale=digest.locale,
        is_alias=False,
        page__first_published_at__gt=digest.since,
        page__first_published_at__lte=until,
    )
    rows = rows.exclude(pk__in=IssueArticle.objects.filter(issue__digest=digest).values("article"))
    return readable(rows.order_by("page__first_published_at", "pk"))


def _make(digest, articles):
    """Make one issue, and begin to send it where nobody wants to see it first."""
    issue = Issue.objects.create(
        locale=digest.locale,
        subject=_subject(digest, articles[0].title) if len(articles) == 1 else digest.subject,
        greeting=digest.greeting,
        frequency=digest.frequency,
        digest=digest,
    )
    IssueArticle.objects.bulk_create(
        IssueArticle(issue=issue, article_id=row.pk, sort_order=place) for place, row in enumerate(articles)
    )
    if not digest.is_reviewed:
        sending.start(issue)


def _subject(digest, title):
    return f"{digest.subject}: {title}"[:SUBJECT_LENGTH]


def follow_title(article):
    """Let the subjects that digests made of an article's title say the title that it has now; not those of people.

    Args:
        article: the ``ArticlePage``, as it was published just now.
    """
    open_to_changes = [Issue.State.DRAFT, Issue.State.SCHEDULED]
    waiting = Issue.objects.filter(articles__article=article.pk, digest__isnull=False, state__in=open_to_changes)
    titles = article.revisions.values_list("content__title", flat=True)
    for issue in waiting.select_related("digest"):
        if issue.subject in {_subject(issue.digest, title) for title in titles}:
            subject = _subject(issue.digest, article.title)
            Issue.objects.filter(pk=issue.pk, subject=issue.subject).update(subject=subject)
