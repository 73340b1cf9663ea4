"""A translation that somebody stops while others work on it: nobody's words are lost without a word."""

import pytest
from django.urls import reverse
from wagtail_localize.models import SegmentOverride, StringTranslation, Translation

from tests.factories import make_article
from translation.freshness import is_outdated
from translation.tests.pages import edit, publish, submitted, translate_all
from translation.tests.people import ARABIC, WELSH, person
from translation.tests.test_rights import address, put, writes

pytestmark = [pytest.mark.django_db, pytest.mark.database]
STOPPED, BY_HAND = "this translation was stopped", "by hand while the translation was stopped"


@pytest.fixture(params=["page", "snippet"])
def welsh(request, site):
    """A page or snippet in work in Welsh."""
    return submitted(make_article(site, "The plan") if request.param == "page" else site.kind)


def editor(translation):
    """Return the address of a translation's editor."""
    target = translation.get_target_instance()
    if hasattr(target, "snippet_viewset"):
        return reverse(target.snippet_viewset.get_url_name("edit"), args=[target.pk])
    return reverse("wagtailadmin_pages:edit", args=[target.pk])


def stop(translation):
    Translation.objects.filter(pk=translation.pk).update(enabled=False)


@pytest.mark.parametrize("how", ["stopped", "source deleted"])
def test_publishing_what_is_no_translation_any_more_says_so(client, welsh, how, django_capture_on_commit_callbacks):
    url, target = editor(welsh), welsh.get_target_instance()
    if how == "stopped":
        stop(welsh)
    else:
        welsh.source.get_source_instance().delete()
    client.force_login(person(WELSH))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url, {"action": "publish"}, follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert STOPPED in response.content.decode()
    target.refresh_from_db()
    assert not target.live


def test_a_sentence_of_a_stopped_translation_is_not_taken_and_the_translator_is_told(client, site):
    welsh = submitted(make_article(site, "The plan"))
    stop(welsh)
    client.force_login(person(WELSH))
    urls = [url for method, url in writes(welsh) if method == "put"]
    for url in urls:
        # The editor shows the words beside the sentence, as they are no answer that it takes for saved.
        said = put(client, url).json()
        assert (said["data"], STOPPED in said["error"]) == ("Y cynllun", True)
    assert client.delete(urls[0]).status_code == 409
    for name in ("upload_pofile", "machine_translate"):
        response = client.post(address(name, welsh.pk), follow=True)
        assert STOPPED in response.content.decode()
    assert not StringTranslation.objects.exists()
    assert not SegmentOverride.objects.exists()


def test_a_stopped_translation_is_closed_to_others_and_can_be_read(client, site):
    welsh = submitted(make_article(site, "The plan"))
    stop(welsh)
    client.force_login(person(ARABIC))
    assert put(client, writes(welsh)[0][1]).status_code in (302, 403)
    client.force_login(person(WELSH))
    assert client.get(address("download_pofile", welsh.pk)).status_code == 200


def name_in(translation):
    """Return the title or name that the newest version of a translation has."""
    content = translation.get_target_instance().latest_revision.content
    return content.get("title") or content["name"]


def write_by_hand(translation):
    """Stop a translation, write its text as a whole, and start the translation again."""
    stop(translation)
    target = translation.get_target_instance()
    field = "title" if hasattr(target, "title") else "name"
    edit(target, **{field: "By hand"})
    Translation.objects.filter(pk=translation.pk).update(enabled=True)


def test_words_that_were_written_by_hand_are_not_replaced_without_a_question(
    client, welsh, django_capture_on_commit_callbacks
):
    client.force_login(person(WELSH))
    translate_all(welsh)
    url = editor(welsh)
    with django_capture_on_commit_callbacks(execute=True):
        publish(welsh)
    write_by_hand(welsh)
    assert BY_HAND in client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(url, {"action": "publish"})
    assert BY_HAND in asked.content.decode()
    assert name_in(welsh) == "By hand"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"action": "publish", asked.context["confirmed"]: "1"})
    assert name_in(welsh).startswith("Cyf: ")
    assert BY_HAND not in client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"action": "publish"}).status_code == 302


def test_a_translation_that_nobody_wrote_by_hand_is_started_again_without_a_question(
    client, welsh, django_capture_on_commit_callbacks
):
    client.force_login(person(WELSH))
    translate_all(welsh)
    with django_capture_on_commit_callbacks(execute=True):
        publish(welsh)
    stop(welsh)
    client.post(editor(welsh), {"localize-restart-translation": "1"})
    assert BY_HAND not in client.get(editor(welsh)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(editor(welsh), {"action": "publish"}).status_code == 302


def test_a_translation_that_is_started_again_has_the_present_words_of_its_source(
    client, welsh, django_capture_on_commit_callbacks
):
    """It kept those from before the stop, and publishing it whole left it out of date."""
    client.force_login(person(WELSH))
    url, target, source = editor(welsh), welsh.get_target_instance(), welsh.source.get_source_instance()
    translate_all(welsh)
    with django_capture_on_commit_callbacks(execute=True):
        publish(welsh)
        client.post(address("stop_translation", welsh.pk))
    field = "title" if hasattr(source, "title") else "name"
    with django_capture_on_commit_callbacks(execute=True):
        edit(source, **{field: "Altogether new words"})
    assert is_outdated(target)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"localize-restart-translation": "1"})
    assert "Altogether new words" in client.get(url).content.decode()
    translate_all(welsh)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"action": "publish"})
    assert not is_outdated(target)
