"""When a translation goes live and expires is what its source says: an embargo holds in every language."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, Revision

from news.models import Topic
from portal import schedule
from tests.factories import make_article
from translation import submission
from translation.tests.pages import edit, publish, submitted, translate_all
from translation.tests.people import WELSH, person, roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SOON, LATER = timedelta(hours=1), timedelta(days=3)


@pytest.fixture
def go(client, django_capture_on_commit_callbacks):
    """A function that posts as a translator or an editor, and has done what follows when it returns."""

    def post(group, address, **data):
        client.force_login(person(group))
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(address, data)
        client.logout()
        return response

    return post


@pytest.fixture
def embargo(site, go, django_capture_on_commit_callbacks):
    """An English article and its Welsh translation that are to go live at the same time."""
    article = make_article(site, "The plan", live=False)
    translation = submitted(article)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, go_live_at=timezone.now() + SOON)
    welsh = translation.get_target_instance()
    go(WELSH, editor_of(welsh), action="publish")
    assert planned(welsh) == planned(article)
    return article, welsh


def editor_of(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def planned(page):
    revision = Revision.objects.for_instance(page).filter(approved_go_live_at__isnull=False).get()
    return revision.approved_go_live_at


def is_live(page):
    return Page.objects.get(pk=page.pk).live


def now_due(*pages):
    """Let what pages are scheduled for be a moment ago."""
    past = timezone.now() - timedelta(seconds=1)
    for page in pages:
        waiting = Revision.objects.for_instance(page).filter(approved_go_live_at__isnull=False)
        for revision in waiting:
            revision.content["go_live_at"] = past.isoformat()
            revision.approved_go_live_at = past
            revision.save()


def test_a_translation_goes_live_with_its_source(embargo):
    article, welsh = embargo
    now_due(article, welsh)
    schedule.run_due()
    schedule.run_due()
    assert is_live(article) and is_live(welsh)


def test_a_translation_is_postponed_with_its_source(embargo):
    article, welsh = embargo
    edit(article, go_live_at=timezone.now().replace(microsecond=0) + LATER)
    assert planned(welsh) == planned(article) > timezone.now() + SOON
    assert Page.objects.get(pk=welsh.pk).get_latest_revision_as_object().go_live_at == planned(article)


def test_a_translation_goes_live_early_with_its_source(embargo):
    article, welsh = embargo
    edit(article, go_live_at=None)
    schedule.run_due()
    assert is_live(welsh)


def test_a_translation_whose_source_is_no_longer_scheduled_does_not_go_live(embargo, go):
    article, welsh = embargo
    revision = Revision.objects.for_instance(article).get(approved_go_live_at__isnull=False)
    go(roles.EDITORS, reverse("wagtailadmin_pages:revisions_unschedule", args=[article.pk, revision.pk]))
    now_due(welsh)
    schedule.run_due()
    assert not is_live(welsh)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_a_translation_waits_for_a_source_that_could_not_go_live_on_time(embargo):
    article, welsh = embargo
    now_due(welsh)
    schedule.run_due()
    assert not is_live(welsh)
    assert planned(welsh) == planned(article)


def test_a_date_of_a_page_that_is_nobodys_translation_is_its_own(site):
    article = make_article(site, "The plan")
    welsh = make_article(site, "Y cynllun", "cy", live=False, translation_key=article.translation_key)
    welsh.go_live_at = timezone.now() + SOON
    welsh.save_revision().publish()
    edit(article, is_unlisted=True)
    assert planned(welsh) == welsh.go_live_at
    now_due(welsh)
    schedule.run_due()
    assert is_live(welsh)


@pytest.mark.parametrize("was_live", [True, False])
def test_a_translation_is_not_published_while_its_source_is_a_draft(site, client, go, was_live):
    article = make_article(site, "Statement", live=was_live)
    translation = submitted(article)
    translate_all(translation)
    welsh = translation.get_target_instance()
    go(WELSH, editor_of(welsh), action="publish")
    assert is_live(welsh) == was_live
    if was_live:
        Page.objects.get(pk=article.pk).specific.unpublish()
        go(WELSH, editor_of(welsh), action="publish")
    assert not is_live(welsh)
    client.force_login(person(WELSH))
    assert "The source is not published." in client.get(editor_of(welsh)).content.decode()


def test_a_snippet_is_not_published_while_its_source_is_a_draft(site, go):
    topic = Topic.objects.create(name="Health", slug="health", locale=site.home.locale, live=False)
    translation = submission.submit(topic, Locale.objects.get(language_code="cy"))
    translate_all(translation)
    welsh = translation.get_target_instance()
    address = reverse("wagtailsnippets_news_topic:edit", args=[welsh.pk])
    go(roles.EDITORS, address, action="publish")
    assert not Topic.objects.get(pk=welsh.pk).live
    topic.save_revision().publish()
    go(roles.EDITORS, address, action="publish")
    assert Topic.objects.get(pk=welsh.pk).live


def test_expiry_follows_at_once(site, django_capture_on_commit_callbacks):
    article = make_article(site, "The plan", expire_at=timezone.now() + SOON)
    translation = submitted(article)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        welsh = publish(translation)
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, expire_at=None)
    assert Page.objects.get(pk=welsh.pk).expire_at is None
    later = timezone.now() + LATER
    edit(article, expire_at=later)
    assert Page.objects.get(pk=welsh.pk).expire_at == later
