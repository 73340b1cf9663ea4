"""Facts of snippets follow as those of pages do, and facts that are shown with words wait for these."""

import pytest
from wagtail.models import Locale

from core.models import Furniture
from news.models import Author, Topic
from tests.factories import make_article, make_image
from translation import submission
from translation.tests.pages import edit, publish, translate_all

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PICTURE = {"lead_image_alt": "Anna Jones", "lead_image_credit": "Photo: Smith & Son"}
OTHER_PICTURE = {"lead_image_alt": "A laboratory", "lead_image_credit": "Photo: Miller"}


@pytest.fixture
def translated(site, django_capture_on_commit_callbacks):
    """A function that returns the live Welsh translation of a page or snippet, and its ``Translation``."""

    def make(instance):
        translation = submission.submit(instance, Locale.objects.get(language_code="cy"))
        translate_all(translation)
        with django_capture_on_commit_callbacks(execute=True):
            publish(translation)
        return translation.get_target_instance(), translation

    return make


@pytest.fixture
def furniture(site, translated):
    """The furniture in English and Welsh, with a notice that is not shown."""
    Furniture.objects.exclude(locale=site.home.locale).delete()
    english = Furniture.objects.get()
    english = edit(english, phone="0111", notice_title="Closed", notice_text="The office is closed.")
    return english, translated(english)[0]


@pytest.fixture
def pictured(site, translated):
    article = make_article(site, "The plan", lead_image=make_image("One"), **PICTURE)
    return article, *translated(article)


def now(instance):
    return type(instance).objects.get(pk=instance.pk)


def test_facts_of_the_furniture_follow_at_once(furniture):
    english, welsh = furniture
    edit(english, phone="0222", notice_is_on=True)
    assert (now(welsh).phone, now(welsh).notice_is_on) == ("0222", True)
    edit(english, notice_is_on=False, tagline="Something new")
    assert not now(welsh).notice_is_on
    assert now(welsh).live


def test_a_notice_is_not_shown_with_the_words_of_the_last_one(furniture):
    english, welsh = furniture
    edit(english, phone="0222", notice_is_on=True, notice_title="Snow")
    assert (now(welsh).phone, now(welsh).notice_is_on) == ("0222", False)
    edit(english, phone="0333")
    assert (now(welsh).phone, now(welsh).notice_is_on) == ("0333", False)
    edit(english, notice_title="Closed", tagline="Something new")
    assert now(welsh).notice_is_on


def test_a_portrait_follows_and_reaches_the_draft_too(site, translated):
    author = now(site.author)
    welsh, _translation = translated(author)
    welsh.role = "Drafft"
    welsh.save_revision()
    portrait = make_image()
    edit(author, image=portrait)
    welsh = now(welsh)
    assert welsh.image == portrait
    draft = welsh.get_latest_revision_as_object()
    assert (draft.role, draft.image) == ("Drafft", portrait)


def test_a_withdrawn_topic_is_withdrawn_in_every_language(site, translated):
    topic = Topic.objects.create(name="Health", slug="health", locale=site.home.locale)
    welsh, _translation = translated(topic)
    topic.unpublish()
    assert not now(welsh).live


def test_furniture_of_a_language_stays_when_another_is_withdrawn(furniture):
    english, welsh = furniture
    english.unpublish()
    assert now(welsh).live


def test_a_deleted_author_leaves_its_translation_live(site, translated):
    author = Author.objects.create(name="Anna", slug="anna", locale=site.home.locale)
    welsh, _translation = translated(author)
    author.delete()
    assert now(welsh).live


def test_a_new_picture_waits_for_its_words(pictured, django_capture_on_commit_callbacks):
    article, welsh, translation = pictured
    old, new = article.lead_image, make_image("Two")
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, lead_image=new, **OTHER_PICTURE)
    assert now(welsh).lead_image == old
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, is_unlisted=True)
    assert (now(welsh).lead_image, now(welsh).is_unlisted) == (old, True)
    translation.refresh_from_db()
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    assert now(welsh).lead_image == new


def test_a_picture_with_the_same_words_follows_at_once(pictured):
    article, welsh, _translation = pictured
    new = make_image("Two")
    edit(article, lead_image=new, title="A new plan")
    assert now(welsh).lead_image == new


def test_a_picture_that_only_decorates_by_now_waits_too(pictured):
    article, welsh, _translation = pictured
    edit(article, lead_image_is_decorative=True, lead_image_alt="")
    assert not now(welsh).lead_image_is_decorative


def test_a_picture_that_is_taken_away_is_gone_at_once(pictured):
    article, welsh, _translation = pictured
    edit(article, lead_image=None, lead_image_alt="", lead_image_credit="", lead_image_is_decorative=False)
    assert now(welsh).lead_image is None


def test_a_picture_waits_for_a_translation_made_by_hand(site):
    article = make_article(site, "The plan", lead_image=make_image("One"), **PICTURE)
    fields = {"lead_image": article.lead_image, "lead_image_alt": "Anna", "lead_image_credit": "Llun: Smith"}
    welsh = make_article(site, "Y cynllun", "cy", translation_key=article.translation_key, **fields)
    edit(article, lead_image=make_image("Two"), lead_image_alt="A laboratory")
    assert now(welsh).lead_image == article.lead_image


@pytest.mark.parametrize("has_versions", [True, False])
def test_an_article_keeps_a_deleted_topics_translation_in_every_language(site, translated, has_versions):
    topic = Topic.objects.create(name="Health", slug="health", locale=site.home.locale)
    heir, _translation = translated(topic)
    article = make_article(site, "About health", topics=[topic])
    if has_versions:
        edit(article)
    welsh, translation = translated(article)
    topic.delete()
    translation.save_target(publish=False)
    assert [row.topic for row in now(welsh).get_latest_revision_as_object().article_topics.all()] == [heir]
