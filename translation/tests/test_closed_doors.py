"""Ways round the rules that were found once, and stay closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from news.models import Topic
from tests.factories import make_article
from translation.models import Freshness, LanguagePolicy
from translation.tests.pages import edit, publish, submitted, translate_all
from translation.tests.people import WELSH, only_submits, person, roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def welsh(site):
    """An article in work in Welsh."""
    return submitted(make_article(site, "The plan"))


def is_live(translation):
    return Page.objects.get(pk=translation.get_target_instance().pk).live


def test_a_bulk_action_publishes_no_draft_of_a_translation(client, welsh, django_capture_on_commit_callbacks):
    """Its draft is older than its sentences: the source's words would go live."""
    translate_all(welsh)
    client.force_login(person(WELSH))
    parent = welsh.get_target_instance().get_parent()
    for page in (welsh.get_target_instance(), parent):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", {"include_descendants": "on"})
    assert not is_live(welsh)


def test_a_bulk_action_is_not_refused_for_live_translations_which_it_leaves_alone(
    client, site, welsh, django_capture_on_commit_callbacks
):
    translate_all(welsh)
    with django_capture_on_commit_callbacks(execute=True):
        publish(welsh)
    draft = make_article(site, "Drafft", language="cy", live=False)
    client.force_login(person(WELSH))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/bulk/wagtailcore/page/publish/?id={site.news['cy'].pk}", {"include_descendants": "on"})
    draft.refresh_from_db()
    assert draft.live


@pytest.mark.parametrize("extra", ["localize-restart-translation", "localize-convert-to-alias"])
def test_another_field_in_the_form_switches_no_rule_off(client, welsh, extra, django_capture_on_commit_callbacks):
    client.force_login(person(WELSH))
    url = f"/admin/pages/{welsh.get_target_instance().pk}/edit/"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"action": "publish", extra: "1"})
    assert not is_live(welsh)


def test_a_locked_translation_is_not_started_again(client, welsh):
    Translation.objects.update(enabled=False)
    page = welsh.get_target_instance()
    page.locked, page.locked_by = True, person(roles.EDITORS)
    page.save()
    client.force_login(person(WELSH))
    client.post(f"/admin/pages/{page.pk}/edit/", {"localize-restart-translation": "1"})
    assert not Translation.objects.get(pk=welsh.pk).enabled


@pytest.mark.parametrize("group", [roles.AUTHORS, WELSH])
def test_nobody_makes_an_alias_live_where_the_language_shows_none(client, welsh, group):
    client.force_login(person(group))
    page = welsh.get_target_instance()
    client.post(reverse("wagtail_localize:convert_to_alias", args=[page.pk]))
    page.refresh_from_db()
    assert (page.live, page.alias_of_id) == (False, None)


def test_a_language_that_shows_aliases_gets_one_back(client, welsh, django_capture_on_commit_callbacks):
    LanguagePolicy.objects.create(locale=welsh.target_locale, untranslated="alias")
    client.force_login(person(WELSH))
    page = welsh.get_target_instance()
    client.post(reverse("wagtail_localize:convert_to_alias", args=[page.pk]))
    page.refresh_from_db()
    assert page.alias_of_id == welsh.source.get_source_instance().pk


@pytest.mark.parametrize("made", ["page", "snippet"])
@pytest.mark.parametrize("action", ["", "publish"])
def test_an_old_version_of_a_translation_is_not_passed_off_as_another(
    client, site, made, action, django_capture_on_commit_callbacks
):
    """The editor of translations would show, and publish, the present sentences under its heading."""
    source = make_article(site, "The plan") if made == "page" else site.kind
    translation = submitted(source)
    for prefix in ("First: ", "Second: "):
        translate_all(translation, prefix)
        with django_capture_on_commit_callbacks(execute=True):
            target = publish(translation)
    target.refresh_from_db()
    first = target.revisions.order_by("pk").filter(content__icontains="First: ").first()
    views = "wagtailadmin_pages" if made == "page" else target.snippet_viewset.url_namespace
    client.force_login(person(WELSH))
    address = reverse(f"{views}:revisions_revert", args=[target.pk, first.pk])
    response = client.post(address, {"action": action}) if action else client.get(address)
    assert response.headers["Location"] == reverse(f"{views}:history", args=[target.pk])
    assert "Old versions of a translation" in client.get(response.headers["Location"]).content.decode()
    before = target.latest_revision_id
    target.refresh_from_db()
    assert target.latest_revision_id == before


def test_an_old_version_of_a_source_is_brought_back(client, site):
    article = make_article(site, "The plan")
    submitted(article)
    first = article.save_revision()
    article.title = "The new plan"
    article.save_revision().publish()
    client.force_login(person(roles.EDITORS))
    address = reverse("wagtailadmin_pages:revisions_revert", args=[article.pk, first.pk])
    response = client.get(address)
    assert response.status_code == 200
    assert response.context["form"].initial["title"] == "The plan"


@pytest.mark.parametrize("view", ["unpublish", "history", "usage", "edit", "delete", "copy"])
def test_another_languages_snippet_is_closed_in_every_view(client, site, view):
    client.force_login(person(WELSH))
    address = f"/admin/snippets/news/topic/{view}/{{}}/"
    assert client.post(address.format(site.topic.pk)).status_code == 302
    assert Topic.objects.get(pk=site.topic.pk).live
    if view in ("history", "usage", "edit"):
        assert client.get(address.format(site.topic.pk)).status_code == 302
        assert client.get(address.format(Topic.objects.get(slug="polisi").pk)).status_code == 200


def test_no_snippet_is_made_in_another_language(client, site):
    from django.contrib.auth.models import Permission

    user = person(WELSH)
    user.user_permissions.add(Permission.objects.get(codename="add_topic"))
    client.force_login(user)
    data = {"name": "New", "slug": "new", "action-publish": "1"}
    client.post("/admin/snippets/news/topic/add/?locale=en", data)
    assert not Topic.objects.filter(slug="new").exists()
    client.post("/admin/snippets/news/topic/add/?locale=cy", data)
    assert Topic.objects.get(slug="new").locale.language_code == "cy"


def test_what_was_never_published_is_no_translators_to_read(client, site):
    draft = make_article(site, "Secret", live=False)
    client.force_login(person(WELSH))
    welsh = Locale.objects.get(language_code="cy")
    client.post(reverse("wagtail_localize:submit_page_translation", args=[draft.pk]), {"locales": [welsh.pk]})
    assert not draft.get_translations().exists()


def test_reports_and_lists_of_wagtail_localize_are_closed_to_others(client, site):
    client.force_login(only_submits())
    for address in ("reports/translations/", "reports/translations/results/", "api/snippets/news/topic/"):
        response = client.get(f"/admin/localize/{address}", follow=True)
        assert "Policy" not in response.content.decode()


@pytest.mark.parametrize("value", ["<b>" * 3000, "a%00b"])
def test_what_is_no_sentence_is_refused(client, welsh, value):
    client.force_login(person(WELSH))
    segment = welsh.source.stringsegment_set.first()
    url = reverse("wagtail_localize:edit_string_translation", args=[welsh.pk, segment.pk])
    response = client.put(url, f"value={value}", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


def test_a_snippet_or_page_edited_by_hand_can_be_marked_as_up_to_date(client, site):
    Freshness.objects.all().delete()
    site.topic.name = "Policies"
    site.topic.save_revision().publish()
    client.force_login(person(WELSH))
    html = client.get("/admin/translation/?state=outdated").content.decode()
    url = reverse("translation:up_to_date", args=["news", "topic", Topic.objects.get(slug="polisi").pk])
    assert url in html
    client.post(url)
    assert not Freshness.objects.filter(source_changed_on__isnull=False).exists()
    assert client.post(reverse("translation:up_to_date", args=["core", "user", 1])).status_code == 404


def test_a_page_published_with_untranslated_sentences_is_still_in_work(
    client, welsh, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        publish(welsh)
    client.force_login(person(WELSH))
    assert "<strong>The plan</strong>" in client.get("/admin/translation/?state=draft").content.decode()


def test_a_translation_does_not_break_an_embargo(client, site, django_capture_on_commit_callbacks):
    client.force_login(person(WELSH))
    article = make_article(site, "Embargoed", live=False)
    article.published_on = timezone.now() + timedelta(days=3)
    article.save_revision(clean=False)
    article.save()
    translation = submitted(article)
    translate_all(translation)
    address = f"/admin/pages/{translation.get_target_instance().pk}/edit/"
    with django_capture_on_commit_callbacks(execute=True):
        html = client.post(address, {"action": "publish"}, follow=True).content.decode()
    assert "The source is not published" in html
    assert not is_live(translation)
    edit(article, published_on=timezone.now())
    translation.source.update_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"action": "publish"})
    assert is_live(translation)


def test_a_translation_waits_by_the_schedule_that_it_has_from_its_source(
    client, site, django_capture_on_commit_callbacks
):
    client.force_login(person(WELSH))
    article = make_article(site, "Planned", live=False)
    article.published_on = article.go_live_at = timezone.now().replace(microsecond=0) + timedelta(days=3)
    article.save_revision().publish()
    translation = submitted(type(article).objects.get(pk=article.pk))
    translate_all(translation)
    page = translation.get_target_instance()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/pages/{page.pk}/edit/", {"action": "publish"})
    assert not is_live(translation)
    assert page.revisions.filter(approved_go_live_at=article.go_live_at).exists()
