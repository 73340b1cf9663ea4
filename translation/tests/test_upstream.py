"""Each fault of wagtail-localize: shown on the stock method, gone in ours. A failing first half means it was mended."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail.query import PageQuerySet
from wagtail_localize import models as localize
from wagtail_localize.models import OverridableSegment, SegmentOverride, StringSegment, StringTranslation

from newsletter.models import Issue
from tests.factories import body_of, make_article, make_image
from translation import upstream
from translation.tests.pages import edit, long_article, publish, submitted, translate_all
from translation.tests.people import WELSH, person, roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def stock(name):
    return upstream.stock[name]


def queries_of(action, *args):
    with CaptureQueriesContext(connection) as queries:
        action(*args)
    return len(queries)


def test_sentences_are_stored_in_a_fixed_number_of_queries(site):
    source = submitted(long_article(site, 20)).source
    before = queries_of(source.refresh_segments)
    StringSegment.objects.filter(source=source).delete()
    assert queries_of(stock("TranslationSource.refresh_segments"), source) > 300
    assert before < 40


def test_a_sentence_in_review_keeps_its_translation(site, django_capture_on_commit_callbacks):
    article = make_article(site, "The plan")
    translation = submitted(article)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, summary="What it says in shorts.")
    segments = StringSegment.objects.filter(source=translation.source, context__path="summary")
    locale = translation.target_locale
    stocks = stock("StringSegmentQuerySet.annotate_translation")(segments, locale)
    assert stocks.get().translation is None
    assert segments.annotate_translation(locale).get().translation == "Cyf: What it says in short."


def test_a_title_is_shown_in_the_explorer_as_far_as_it_fits(site, monkeypatch):
    """PostgreSQL refuses what the library writes; SQLite takes it."""
    translation = submitted(make_article(site, "The plan"))
    translate_all(translation)
    row = StringTranslation.objects.get(context__path="title")
    row.data = "x" * 300
    row.save()
    pages = Page.objects.filter(pk=translation.get_target_instance().pk)
    assert pages.get().draft_title == "x" * 255
    written = []
    monkeypatch.setattr(PageQuerySet, "update", lambda pages, **values: written.append(values))
    localize.post_save_string_translation(instance=row)
    assert written == [{"draft_title": "x" * 300}]


@pytest.mark.parametrize(("language", "date"), [("en", "1 May 2026"), ("cy", "1 Mai 2026"), ("ar", "1 مايو")])
def test_the_comment_on_a_sentence_has_its_date_in_words_and_time_of_whoever_looks(language, date):
    at = datetime(2026, 4, 30, 23, 30, tzinfo=UTC)
    with override(language), timezone.override("Europe/London"):
        for made in ({"translation_type": "manual"}, {"translation_type": "machine"}, {"tool_name": "PO file"}):
            row = StringTranslation(updated_at=at, **made)
            assert "30 April 2026" in stock("StringTranslation.get_comment")(row)
            assert date in row.get_comment()
            assert "April" not in row.get_comment()


def test_a_lost_or_doubled_link_is_refused():
    validate = stock("wagtail_localize.models.validate_translation_links")
    source = '<a id="a1">One</a> and <a id="a2">two</a>'
    for words in ('<a id="a1">Un</a>', '<a id="a1">Un</a> <a id="a1">un</a> <a id="a2">dau</a>'):
        validate(source, words)
        with pytest.raises(ValueError, match="link"):
            localize.validate_translation_links(source, words)


def test_arabic_letters_stay_in_an_address():
    assert stock("wagtail_localize.models.slugify")("الخطة") == ""
    assert localize.slugify("الخطة") == "الخطة"


@pytest.fixture
def pictured(site):
    """A translation of an article with a picture that the translator replaced, and that override."""
    body = body_of(
        [{"type": "image", "value": {"image": make_image("One").pk, "alt_text": "One", "decorative": False}}]
    )
    translation = submitted(make_article(site, "The plan", body=body))
    segment = next(
        item
        for item in OverridableSegment.objects.filter(source=translation.source)
        if item.context.path.endswith("image")
    )
    other = make_image("Two")
    SegmentOverride.objects.create(
        locale=translation.target_locale, context=segment.context, data_json=json.dumps(other.pk)
    )
    return translation, other


def test_a_picture_deleted_under_an_override_breaks_nothing(
    pictured, client, monkeypatch, django_capture_on_commit_callbacks
):
    translation, other = pictured
    translate_all(translation)
    other.delete()
    with monkeypatch.context() as patch:
        name = "handle_related_object_block"
        patch.setattr(upstream.ingest.StreamFieldSegmentsWriter, name, stock(f"StreamFieldSegmentsWriter.{name}"))
        patch.setattr(
            upstream.ingest, "handle_related_object", stock("wagtail_localize.segments.ingest.handle_related_object")
        )
        with pytest.raises(get_image_model().DoesNotExist):
            translation.save_target(publish=False)
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(translation)
    page = type(page).objects.get(pk=page.pk)
    assert page.live
    assert page.body[0].value["image"].title == "One"
    client.force_login(person(WELSH))
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200


def test_a_picture_deleted_under_a_block_breaks_nothing(pictured, client, django_capture_on_commit_callbacks):
    translation, _other = pictured
    translate_all(translation)
    SegmentOverride.objects.all().delete()
    get_image_model().objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(translation)
    page.refresh_from_db()
    assert page.live
    client.force_login(person(WELSH))
    response = client.get(f"/admin/pages/{page.pk}/edit/")
    assert response.status_code == 200
    props = json.loads(response.context["props"])
    assert not [item for item in props["segments"] if item["contentPath"].endswith(".image")]


def test_the_editor_of_a_long_page_opens_in_less_than_100_queries(site, client):
    translation = submitted(long_article(site))
    translate_all(translation)
    client.force_login(person(WELSH))
    url = f"/admin/pages/{translation.get_target_instance().pk}/edit/"
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert len(json.loads(response.context["props"])["initialStringTranslations"]) > 200
    assert len(queries) < 100


def test_the_editor_of_a_snippet_opens(site, client):
    from news.models import Topic

    topic = Topic.objects.create(name="Health", slug="health", locale=site.home.locale)
    translation = submitted(topic)
    client.force_login(person(WELSH))
    url = f"/admin/snippets/news/topic/edit/{translation.get_target_instance().pk}/"
    assert client.get(url).status_code == 200


def test_a_second_source_for_one_target_is_refused_whoever_asks(site, client):
    """FINDINGS: MultipleObjectsReturned, a 500 on every page with that snippet."""
    article = make_article(site, "The plan")
    translation = submitted(article, "cy")
    arabic = submitted(article, "ar").get_target_instance()
    second, _created = localize.TranslationSource.update_or_create_from_instance(arabic)
    with pytest.raises(ValidationError):
        localize.Translation.objects.create(source=second, target_locale=translation.target_locale)
    client.force_login(person(roles.EDITORS))
    assert client.get(f"/admin/pages/{translation.get_target_instance().pk}/edit/").status_code == 200


def test_saving_a_sentence_by_hand_marks_a_lost_link(site):
    body = body_of([{"type": "paragraph", "value": '<p>Read <a href="https://one.example/">it</a>.</p>'}])
    translation = submitted(make_article(site, "The plan", body=body))
    segment = StringSegment.objects.get(source=translation.source, string__data__startswith="Read")
    row = StringTranslation.objects.create(
        translation_of=segment.string, context=segment.context, locale=translation.target_locale, data="Darllenwch."
    )
    assert row.has_error
    assert "missing" in row.get_error()


def test_publishing_a_translation_opens_nothing(site, django_capture_on_commit_callbacks):
    article = make_article(site, "The plan")
    translation = submitted(article)
    translate_all(translation)
    welsh = translation.get_target_instance()
    PageViewRestriction.objects.create(page=welsh, restriction_type="login")
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    assert welsh.view_restrictions.exists()
    stock("TranslationSource.sync_view_restrictions")(translation.source, article, welsh)
    assert not welsh.view_restrictions.exists()


def test_a_translation_of_a_restricted_page_is_for_the_same_groups(site):
    article = make_article(site, "For members")
    members = Group.objects.create(name="Members")
    PageViewRestriction.objects.create(page=article, restriction_type="groups").groups.add(members)
    translation = submitted(article)
    own = translation.get_target_instance().view_restrictions.get()
    assert list(own.groups.all()) == [members]
    own.delete()
    stock("TranslationSource.sync_view_restrictions")(translation.source, article, translation.get_target_instance())
    assert not translation.get_target_instance().view_restrictions.get().groups.exists()


def test_a_translation_has_the_expiry_that_its_source_has_now(site):
    article = make_article(site, "The plan", expire_at=timezone.now() + timedelta(days=1))
    translation = submitted(article)
    Page.objects.filter(pk=article.pk).update(expire_at=None)
    translation.save_target(publish=False)
    welsh = translation.get_target_instance()
    assert welsh.expire_at is None
    welsh.expire_at = timezone.now()
    stock("wagtail_localize.models.copy_synchronised_fields")(article, welsh)
    assert welsh.expire_at


def test_the_address_of_a_source_is_not_copied_over_a_languages_own(site):
    welsh = site.topic.get_translation(Locale.objects.get(language_code="cy"))
    upstream.copy_facts(site.topic, welsh)
    assert welsh.slug == "polisi"
    stock("wagtail_localize.models.copy_synchronised_fields")(site.topic, welsh)
    assert welsh.slug == "policy"


def test_who_deletes_a_language_is_told_what_it_is_used_for(admin_client, site):
    french = Locale.objects.create(language_code="fr")
    Issue.objects.create(locale=french, subject="Nouvelles")
    assert stock("wagtail_localize.locales.views.get_locale_usage")(french) == (0, 0)
    address = reverse("wagtaillocales:delete", args=[french.pk])
    for answer in (admin_client.get(address), admin_client.post(address)):
        assert "pages and/or other objects using it" in answer.content.decode()
    Issue.objects.all().delete()
    admin_client.post(address)
    assert not Locale.objects.filter(pk=french.pk).exists()


def test_every_mended_name_still_exists_upstream():
    assert len(upstream.stock) == 19
    assert reverse("wagtail_localize:submit_page_translation", args=[1]).endswith("/localize/submit/page/1/")
