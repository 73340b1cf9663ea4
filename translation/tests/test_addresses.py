"""Addresses and lengths that do not fit: nothing is lost, nothing is half done, and people read what is wrong."""

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import OverridableSegment, SegmentOverride, StringTranslation

from news.models import Topic
from tests.factories import make_article
from translation.tests.pages import edit, submitted, translate_all
from translation.tests.people import WELSH, person
from translation.tests.test_rights import address, put

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOTHING = "Nothing was published."


@pytest.fixture
def translator(client, site):
    client.force_login(person(WELSH))
    return client


@pytest.fixture
def publish(translator, django_capture_on_commit_callbacks):
    """Return a function that publishes as a translator does, and returns what is read then, and the page or snippet."""

    def publish(translation, **data):
        target = translation.get_target_instance()
        namespace = target.snippet_viewset.url_namespace if hasattr(target, "snippet_viewset") else "wagtailadmin_pages"
        url = reverse(f"{namespace}:edit", args=[target.pk])
        with django_capture_on_commit_callbacks(execute=True):
            response = translator.post(url, {"action": "publish"} | data, follow=True)
        assert response.status_code == 200
        return response.content.decode(), translation.get_target_instance()

    return publish


def topic(name, slug, language="en"):
    return Topic.objects.create(name=name, slug=slug, locale=Locale.objects.get(language_code=language))


def in_welsh(instance):
    welsh = submitted(instance)
    translate_all(welsh)
    return welsh


def override_slug(client, translation, slug):
    segment = OverridableSegment.objects.get(source=translation.source, context__path="slug")
    assert put(client, address("edit_override", translation.pk, segment.pk), slug).status_code in (200, 201)


def test_a_topic_whose_address_is_taken_in_a_language_gets_a_free_one_there(translator, publish):
    topic("Ynni", "energy", "cy")
    english = topic("Energy", "energy")
    url = address("submit_snippet_translation", "news", "topic", english.pk)
    welsh = Locale.objects.get(language_code="cy")
    assert translator.post(url, {"locales": [welsh.pk]}).status_code == 302
    _said, made = publish(in_welsh(english))
    assert (made.slug, made.live) == ("energy-2", True)


def test_a_topic_keeps_its_address_when_its_source_takes_a_word_that_is_in_use(
    site, publish, django_capture_on_commit_callbacks
):
    english = topic("Energy", "energy")
    welsh = in_welsh(english)
    assert publish(welsh)[1].slug == "energy"
    with django_capture_on_commit_callbacks(execute=True):
        edit(english, slug="polisi")
    _said, made = publish(welsh)
    assert (made.slug, made.live) == ("energy", True)


def test_an_address_that_is_in_use_is_refused_before_anything_is_published(site, translator, publish):
    welsh = in_welsh(topic("Energy", "energy"))
    override_slug(translator, welsh, "polisi")
    for _again in range(2):
        said, made = publish(welsh)
        assert f"{NOTHING} Please mend this first: Slug: This language has another one at this address." in said
        assert (made.slug, made.live) == ("energy", False)
    assert SegmentOverride.objects.get().data == "polisi"
    override_slug(translator, welsh, "ynni")
    _said, made = publish(welsh)
    assert (made.slug, made.live) == ("ynni", True)


@pytest.mark.parametrize("what", ["article", "topic"])
def test_words_that_are_too_long_are_kept_and_named(site, publish, what):
    is_article = what == "article"
    path, most = ("title", 255) if is_article else ("name", 120)
    welsh = in_welsh(make_article(site, "Plan") if is_article else topic("Energy", "energy"))
    words = StringTranslation.objects.filter(context__path=path, locale=welsh.target_locale)
    words.update(data="x" * (most + 1))
    for _again in range(2):
        said, made = publish(welsh)
        assert f"{path.capitalize()}: Ensure this value has at most {most} characters" in said
        assert NOTHING in said
        assert not made.live
    assert words.get().data == "x" * (most + 1)
    words.update(data="Ynni")
    _said, made = publish(welsh)
    assert (made.live, str(made), made.slug) == (True, "Ynni", "ynni" if is_article else "energy")


def test_two_pages_with_one_title_have_two_addresses(site, publish):
    made = []
    for number in range(2):
        welsh = in_welsh(make_article(site, f"Plan {number}"))
        words = StringTranslation.objects.filter(context__path="title", context__object_id=welsh.source.object_id)
        words.update(data="Y cynllun")
        made.append(publish(welsh)[1])
    assert [(page.slug, page.live) for page in made] == [("y-cynllun", True), ("y-cynllun-1", True)]


def test_a_page_that_was_published_under_the_words_of_its_source_keeps_its_address(
    site, publish, django_capture_on_commit_callbacks
):
    plan = make_article(site, "The plan")
    welsh = submitted(plan)
    assert publish(welsh, **{"publish-with-open-sentences": "1"})[1].slug == "the-plan"
    with django_capture_on_commit_callbacks(execute=True):
        edit(plan, slug="another")
    translate_all(welsh)
    _said, made = publish(welsh)
    assert (made.slug, made.title) == ("the-plan", "Cyf: The plan")
