"""Many pages are made ready in the background: a page at a time, resumable, nothing lost and nothing twice."""

import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation, TranslationSource

from delivery.tree import hold_the_tree
from news.models import ArticlePage, Topic
from tests.factories import make_article
from tests.slowly import slowly
from translation import memory, submission
from translation.models import Submission, SubmittedPage
from translation.tests.pages import submitted
from translation.tests.people import person, roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def locales(*codes):
    return list(Locale.objects.filter(language_code__in=codes))


def ordered(site, count=3, codes=("cy", "ar")):
    for number in range(count):
        make_article(site, f"Article {number}")
    pages = Page.objects.child_of(site.news["en"]).order_by("path")
    return submission.order(pages, locales(*codes), None, "News")


def test_submitting_never_publishes(site):
    translation = submitted(make_article(site, "The plan"))
    page = translation.get_target_instance()
    assert (page.live, page.locale.language_code) == (False, "cy")


def test_parents_come_first_and_as_drafts(site):
    article = make_article(site, "The plan")
    for page in (site.news["ar"], site.contact["ar"]):
        page.delete()
    page = submitted(article, "ar").get_target_instance()
    parent = page.get_parent()
    assert (parent.locale.language_code, parent.live, parent.alias_of_id) == ("ar", False, None)
    assert Translation.objects.filter(source__object_id=site.news["en"].translation_key).exists()


def test_what_exists_in_the_language_is_never_written_over(site):
    welsh = make_article(site, "Yn Gymraeg", language="cy")
    english = make_article(site, "In English", translation_key=welsh.translation_key)
    before = Page.objects.get(pk=welsh.pk).specific
    assert submitted(english) is None
    after = Page.objects.get(pk=welsh.pk).specific
    assert (after.title, after.latest_revision_id) == (before.title, before.latest_revision_id)


def test_a_topic_that_was_translated_the_other_way_is_left_alone(site):
    """FINDINGS: the English topic was overwritten by the Welsh source's own translation."""
    submitted(site.topic, "ar")
    english = Topic.objects.get(pk=site.topic.pk)
    welsh_article = make_article(site, "Erthygl", language="cy", topics=[Topic.objects.get(slug="polisi")])
    submitted(welsh_article, "en")
    english.refresh_from_db()
    assert english.name == "Policy"
    sources = TranslationSource.objects.filter(object_id=site.topic.translation_key)
    assert sources.count() == 1


def test_what_did_not_change_is_looked_for_in_the_new_language_alone(site, monkeypatch):
    article, languages, real = make_article(site, "The plan"), [], memory.fill
    submission.submit(article, *locales("cy"))
    monkeypatch.setattr(memory, "fill", lambda work: languages.append(work.target_locale.language_code) or real(work))
    submission.submit(article, *locales("ar"))
    assert set(languages) == {"ar"}
    article.summary = "Another summary."
    article.save()
    submission.version_in(article, *locales("ar")).delete()
    submission.submit(article, *locales("ar"))
    assert set(languages) == {"ar", "cy"}


def test_two_sources_into_one_target_are_refused(site):
    article = make_article(site, "The plan")
    submitted(article, "cy")
    welsh = article.get_translation(locales("cy")[0])
    with pytest.raises(Exception, match="itself a translation"):
        submission.submit(welsh, article.locale)
    submitted(article, "ar")
    with pytest.raises(Exception, match="another source"):
        submission.submit(welsh, locales("ar")[0])


def test_the_click_answers_at_once_whatever_the_number(site, client, django_capture_on_commit_callbacks):
    ArticlePage.objects.all().delete()
    for number in range(40):
        make_article(site, f"Article {number}", topics=[], authors=[])
    client.force_login(person(roles.EDITORS))
    url = reverse("wagtail_localize:submit_page_translation", args=[site.news["en"].pk])
    for page in (site.homes["ar"], site.homes["cy"]):
        page.delete()
    data = {"locales": [locale.pk for locale in locales("cy", "ar")], "include_subtree": "on"}
    with CaptureQueriesContext(connection) as queries:
        response = client.post(url, data)
    assert response.status_code == 302
    assert len(queries) < 80, "the work itself is not done in the click"
    assert SubmittedPage.objects.filter(state="waiting").count() == 41


def test_all_pages_are_made_ready_a_page_at_a_time(site, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = ordered(site)
    made.refresh_from_db()
    assert made.finished_on
    assert submission.progress(made) == {"total": 3, "done": 3, "failed": 0}
    assert Translation.objects.filter(source__specific_content_type__model="articlepage").count() == 6


def test_one_page_that_fails_holds_up_no_other_and_is_told(
    site, client, monkeypatch, django_capture_on_commit_callbacks
):
    real = submission.submit

    def submit(page, locale, user=None):
        if page.title == "Article 1":
            raise ValueError("This one is broken")
        return real(page, locale, user)

    monkeypatch.setattr(submission, "submit", submit)
    with django_capture_on_commit_callbacks(execute=True):
        made = ordered(site)
    assert submission.progress(made) == {"total": 3, "done": 3, "failed": 1}
    client.force_login(person(roles.EDITORS))
    html = client.get(reverse("translation:submission", args=[made.pk])).content.decode()
    assert "This one is broken" in html


@pytest.mark.parametrize("subtree", ["", "on"])
def test_an_unfinished_draft_is_told_with_the_names_of_what_it_lacks(
    site, client, subtree, django_capture_on_commit_callbacks
):
    article = make_article(site, "Unfinished", live=False)
    article.summary, article.kind = "", None
    article.save_revision(clean=False)
    ArticlePage.objects.filter(pk=article.pk).update(summary="", kind=None)
    client.force_login(person(roles.EDITORS))
    address = reverse("wagtail_localize:submit_page_translation", args=[article.pk])
    with django_capture_on_commit_callbacks(execute=True):
        data = {"locales": locales("cy")[0].pk, "include_subtree": subtree}
        response = client.post(address, data)
    if subtree:
        response = client.get(response.headers["Location"])
    html = response.content.decode()
    for name in ("Summary", "Kind"):
        assert f"{name}: This field cannot be blank." in html
    assert not Translation.objects.exists()


def test_a_worker_that_dies_in_the_middle_loses_and_doubles_nothing(site, monkeypatch):
    made = ordered(site)

    class Killed(BaseException):
        pass

    real, seen = submission.submit, []

    def submit(page, locale, user=None):
        seen.append(page.pk)
        result = real(page, locale, user)
        if len(seen) >= 3:
            raise Killed
        return result

    monkeypatch.setattr(submission, "submit", submit)
    with pytest.raises(Killed), transaction.atomic():
        submission._next_page(made, locales("cy", "ar"))
        submission._next_page(made, locales("cy", "ar"))
    monkeypatch.setattr(submission, "submit", real)
    assert submission.progress(made)["done"] == 0
    submission.work.call(made.pk)
    assert submission.progress(made) == {"total": 3, "done": 3, "failed": 0}
    keys = Page.objects.child_of(site.news["en"]).values("translation_key")
    assert Page.objects.filter(translation_key__in=keys).exclude(locale=site.home.locale).count() == 6


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_page_that_is_being_deleted_is_not_made_ready(new_site, caplog):
    """Both hold the tree before anything else: otherwise PostgreSQL ends one of the two."""
    article = make_article(new_site)
    made = Submission.objects.create(title="News")
    made.locales.set(locales("cy"))
    made.pages.create(page=article)
    with slowly(hold_the_tree, then=Page.objects.get(pk=article.pk).delete):
        submission.work.call(made.pk)
    made.refresh_from_db()
    assert made.finished_on and "could not be made ready" not in caplog.text
    assert not Page.objects.filter(translation_key=article.translation_key).exists()


def test_work_gives_way_after_its_turn(site, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(submission, "TURN_SECONDS", -1)
    turns = []
    real = submission._next_page

    def next_page(*args):
        turns.append(time.monotonic())
        return real(*args)

    monkeypatch.setattr(submission, "_next_page", next_page)
    with django_capture_on_commit_callbacks(execute=True):
        made = ordered(site)
    assert submission.progress(made)["done"] == 3
    assert len(turns) == 4


def test_a_stalled_submission_is_taken_up_again(site):
    made = ordered(site)
    assert submission.resume_stalled() == 0
    Submission.objects.update(touched_on="2020-01-01T00:00Z")
    assert submission.resume_stalled() == 1
    made.refresh_from_db()
    assert made.finished_on


def test_an_alias_becomes_a_draft_and_not_an_english_page_under_welsh(site):
    article = make_article(site, "The plan")
    alias = article.copy_for_translation(locales("cy")[0], alias=True)
    assert alias.live
    translation = submitted(article)
    page = Page.objects.get(pk=alias.pk)
    assert (page.alias_of_id, page.live) == (None, False)
    assert translation.get_target_instance().pk == alias.pk


def test_an_arabic_address_keeps_its_letters(site, django_capture_on_commit_callbacks):
    from wagtail_localize.models import OverridableSegment, SegmentOverride

    article = make_article(site, "The plan")
    translation = submitted(article, "ar")
    segment = OverridableSegment.objects.get(source=translation.source, context__path="slug")
    SegmentOverride.objects.create(locale=translation.target_locale, context=segment.context, data_json='"الخطة"')
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)
    assert translation.get_target_instance().slug == "الخطة"
