"""Addresses and lengths that do not fit: nothing is lost, nothing is half done, and people read what is wrong."""

import pytest
from django.urls import reverse
from wagtail.models import Locale

from news.models import Topic
from translation.tests.pages import edit, submitted, translate_all
from translation.tests.people import WELSH, person
from translation.tests.test_rights import address

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
