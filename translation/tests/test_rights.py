"""Who may submit, write, publish: each act asks for the right on its own target, in its language, without a lock."""

import re

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import OverridableSegment, SegmentOverride, StringSegment, StringTranslation, Translation

from news.models import Topic
from tests.factories import make_article
from translation.tests.pages import publish, submitted, translate_all
from translation.tests.people import ARABIC, WELSH, only_submits, person, roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def welsh(site):
    """An article in work in Welsh."""
    return submitted(make_article(site, "The plan"))


def address(name, *args):
    return reverse(f"wagtail_localize:{name}", args=args)


def put(client, url, value="Y cynllun"):
    return client.put(url, f"value={value}", content_type="application/x-www-form-urlencoded")


def writes(translation):
    """Return the addresses that change a translation, as (method, url)."""
    segment = StringSegment.objects.filter(source=translation.source).first()
    override = OverridableSegment.objects.filter(source=translation.source).first()
    return [
        ("put", address("edit_string_translation", translation.pk, segment.pk)),
        ("put", address("edit_override", translation.pk, override.pk)),
        ("post", address("upload_pofile", translation.pk)),
        ("post", address("machine_translate", translation.pk)),
        ("post", address("stop_translation", translation.pk)),
    ]


def attempt(client, method, url):
    return (put(client, url) if method == "put" else client.post(url)).status_code


def test_a_translator_writes_in_their_own_language(client, welsh):
    client.force_login(person(WELSH))
    method, url = writes(welsh)[0]
    assert attempt(client, method, url) == 201
    assert StringTranslation.objects.filter(locale=welsh.target_locale, data="Y cynllun").exists()


def test_a_translator_of_another_language_cannot_write(client, welsh):
    client.force_login(person(ARABIC))
    for method, url in writes(welsh):
        # The admin answers a refusal with the way back to its front page.
        assert attempt(client, method, url) in (302, 403), url
    assert not StringTranslation.objects.exists()
    assert Translation.objects.get(pk=welsh.pk).enabled


def test_a_page_locked_by_another_cannot_be_written_or_published(client, welsh):
    page = welsh.get_target_instance()
    page.locked, page.locked_by = True, person(roles.EDITORS)
    page.save()
    client.force_login(person(WELSH))
    for method, url in writes(welsh):
        attempt(client, method, url)
    client.post(f"/admin/pages/{page.pk}/edit/", {"action": "publish", "publish-with-open-sentences": "1"})
    page.refresh_from_db()
    assert not page.live
    assert not StringTranslation.objects.exists()


def test_a_segment_of_another_page_is_not_found(client, site, welsh):
    other = submitted(make_article(site, "Another"))
    client.force_login(person(WELSH))
    segment = StringSegment.objects.filter(source=other.source).first()
    assert put(client, address("edit_string_translation", welsh.pk, segment.pk)).status_code == 404


def test_a_write_without_a_value_is_refused(client, welsh):
    client.force_login(person(WELSH))
    segment = StringSegment.objects.filter(source=welsh.source).first()
    response = client.put(address("edit_string_translation", welsh.pk, segment.pk), "")
    assert response.status_code == 400


def test_bringing_up_to_date_never_publishes(client, site, welsh, django_capture_on_commit_callbacks):
    url = address("update_translations", welsh.source_id)
    sender = only_submits()
    client.force_login(sender)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"publish_translations": "on"})
    assert not welsh.get_target_instance().live
    client.force_login(person(WELSH))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"publish_translations": "on"}).status_code == 302
    assert not welsh.get_target_instance().live


def test_one_who_may_only_submit_cannot_make_pages_in_a_tree_without_rights(client, site):
    article = make_article(site, "The plan")
    client.force_login(only_submits())
    locale = Locale.objects.get(language_code="cy")
    client.post(address("submit_page_translation", article.pk), {"locales": [locale.pk]})
    assert not article.get_translations().exists()


def test_a_translator_submits_into_their_own_language_only(client, site):
    article = make_article(site, "The plan")
    client.force_login(person(WELSH))
    url = address("submit_page_translation", article.pk)
    html = client.get(url).content.decode()
    arabic = Locale.objects.get(language_code="ar")
    assert re.findall(r'name="locales" value="(\d+)"', html) == [str(Locale.objects.get(language_code="cy").pk)]
    client.post(url, {"locales": [arabic.pk]})
    assert not article.get_translations().exists()
    client.post(url, {"locales": [Locale.objects.get(language_code="cy").pk]})
    assert [page.locale.language_code for page in article.get_translations()] == ["cy"]
    assert not article.get_translations().get().live


def test_a_translator_sees_and_touches_only_their_languages_snippets(client, site):
    client.force_login(person(WELSH))
    english, welsh = site.topic, Topic.objects.get(slug="polisi")
    url = "/admin/snippets/news/topic/edit/{}/"
    assert client.get(url.format(welsh.pk)).status_code == 200
    assert client.get(url.format(english.pk)).status_code == 302
    client.post(url.format(english.pk), {"name": "Taken over", "slug": "policy", "action-publish": "1"})
    english.refresh_from_db()
    assert english.name == "Policy"
    listing = client.get("/admin/snippets/news/topic/?locale=en").content.decode()
    assert "Policy" not in listing
    assert "Polisi" in client.get("/admin/snippets/news/topic/?locale=cy").content.decode()


def test_an_editor_reaches_the_snippets_of_every_language(client, site):
    client.force_login(person(roles.EDITORS))
    for topic in Topic.objects.all():
        assert client.get(f"/admin/snippets/news/topic/edit/{topic.pk}/").status_code == 200


def test_a_translator_publishes_what_is_done(client, welsh, django_capture_on_commit_callbacks):
    translate_all(welsh)
    client.force_login(person(WELSH))
    page = welsh.get_target_instance()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/pages/{page.pk}/edit/", {"action": "publish"})
    page.refresh_from_db()
    assert page.live
    assert (page.title, page.slug) == ("Cyf: The plan", "cyf-the-plan")


def test_publishing_with_english_sentences_asks_first(client, welsh, django_capture_on_commit_callbacks):
    client.force_login(person(WELSH))
    page = welsh.get_target_instance()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"/admin/pages/{page.pk}/edit/", {"action": "publish"})
    page.refresh_from_db()
    assert not page.live
    assert "are not translated" in response.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/pages/{page.pk}/edit/", {"action": "publish", "publish-with-open-sentences": "1"})
    page.refresh_from_db()
    assert page.live


def test_a_bulk_action_does_not_publish_an_unfinished_translation(client, welsh, django_capture_on_commit_callbacks):
    client.force_login(person(WELSH))
    page = welsh.get_target_instance()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", {"include_descendants": "on"})
    page.refresh_from_db()
    assert not page.live


def test_the_desk_shows_a_translator_their_languages(client, site, welsh):
    client.force_login(person(WELSH))
    html = client.get("/admin/translation/").content.decode()
    assert "The plan" in html
    assert 'value="cy" selected' in html
    assert 'value="ar"' not in html.split('name="into"')[1].split("</select>")[0]


def test_one_without_a_language_has_no_desk(client, site):
    client.force_login(only_submits())
    assert client.get("/admin/translation/").status_code == 302


def test_desk_states_follow_the_work(client, site, welsh, django_capture_on_commit_callbacks):
    make_article(site, "Nobody has begun")
    client.force_login(person(WELSH))

    def titles(state):
        html = client.get(f"/admin/translation/?state={state}").content.decode()
        return {title for title in ("The plan", "Nobody has begun") if f"<strong>{title}</strong>" in html}

    assert titles("missing") == {"Nobody has begun"}
    assert titles("draft") == {"The plan"}
    translate_all(welsh)
    with django_capture_on_commit_callbacks(execute=True):
        publish(welsh)
    assert titles("done") == {"The plan"}
    assert titles("outdated") == set()


@pytest.mark.parametrize(
    "query", ["q=%00'\"", "q=plan", "state=%00", "into=xx&from=yy&p=-3", "p=99999999999999999999", "q=" + "x" * 5000]
)
def test_the_desk_takes_any_query(client, welsh, query):
    client.force_login(person(WELSH))
    assert client.get(f"/admin/translation/?{query}").status_code == 200
    url = address("submit_page_translation", welsh.get_target_instance().get_parent().pk)
    assert client.get(f"{url}?select_locale=%00").status_code == 200


def test_an_address_that_somebody_chose_stays(client, welsh, django_capture_on_commit_callbacks):
    translate_all(welsh)
    segment = OverridableSegment.objects.get(source=welsh.source, context__path="slug")
    SegmentOverride.objects.create(locale=welsh.target_locale, context=segment.context, data_json='"y-cynllun"')
    client.force_login(person(WELSH))
    page = welsh.get_target_instance()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/pages/{page.pk}/edit/", {"action": "publish"})
    page.refresh_from_db()
    assert (page.live, page.slug) == (True, "y-cynllun")


def test_a_page_that_was_live_keeps_its_address(client, welsh, django_capture_on_commit_callbacks):
    translate_all(welsh)
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(welsh)
    client.force_login(person(WELSH))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/pages/{page.pk}/edit/", {"action": "publish"})
    page.refresh_from_db()
    assert page.slug == "the-plan"
