"""What a language does with pages that are not translated into it is a setting of the language."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction

from delivery import generation
from home.models import StandardPage
from tests.factories import make_article
from translation import freshness, policies
from translation.models import LanguagePolicy
from translation.tests.pages import edit, publish, submitted, translate_all
from translation.tests.people import WELSH, person, roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def welsh():
    return Locale.objects.get(language_code="cy")


@pytest.fixture
def aliases(site, welsh, django_capture_on_commit_callbacks):
    """Welsh shows untranslated pages as aliases."""
    with django_capture_on_commit_callbacks(execute=True):
        LanguagePolicy.objects.create(locale=welsh, untranslated="alias")


def in_welsh(page, welsh):
    return Page.objects.filter(translation_key=page.translation_key, locale=welsh).first()


def test_pages_that_were_there_get_aliases(site, welsh, django_capture_on_commit_callbacks):
    article = make_article(site, "Before")
    with django_capture_on_commit_callbacks(execute=True):
        LanguagePolicy.objects.create(locale=welsh, untranslated="alias")
    assert in_welsh(article, welsh).alias_of_id == article.pk


def test_pages_made_by_hand_copied_or_by_a_program_get_aliases_alike(
    site, welsh, aliases, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        by_program = make_article(site, "By a program")
    with django_capture_on_commit_callbacks(execute=True):
        copied = by_program.copy(update_attrs={"slug": "copied"}, keep_live=True)
    draft = make_article(site, "A draft", live=False)
    assert in_welsh(draft, welsh) is None
    with django_capture_on_commit_callbacks(execute=True):
        draft.save_revision().publish()
    for page in (by_program, copied, draft):
        assert in_welsh(page, welsh).alias_of_id == page.pk


def test_aliases_follow_their_source(site, welsh, aliases, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(site, "The plan")
    edit(article, title="The new plan")
    alias = in_welsh(article, welsh)
    assert alias.title == "The new plan"
    article = type(article).objects.get(pk=article.pk)
    article.unpublish()
    assert not in_welsh(article, welsh).live


@pytest.mark.parametrize("group", [roles.EDITORS, WELSH])
def test_an_alias_says_in_the_admin_what_it_shows_and_offers_to_translate_it(
    site, welsh, aliases, client, group, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(site, "The plan")
    client.force_login(person(group))
    response = client.get(f"/admin/pages/{in_welsh(article, welsh).pk}/edit/")
    assert response.status_code == 200
    assert f"/admin/localize/submit/page/{article.pk}/?select_locale=cy" in response.content.decode()


def test_a_deleted_source_takes_its_aliases_along(site, welsh, aliases, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(site, "The plan")
    key = article.translation_key
    article.delete()
    assert not Page.objects.filter(translation_key=key).exists()


def test_where_a_translation_was_deleted_its_alias_comes_back(
    site, welsh, aliases, client, django_capture_on_commit_callbacks
):
    english = Locale.objects.get(language_code="en")
    section = StandardPage(title="Section", slug="section", summary="s", locale=english)
    site.homes["en"].add_child(instance=section)
    pages = [
        section,
        *(StandardPage(title=f"Page {n}", slug=f"page-{n}", summary="s", locale=english) for n in range(3)),
    ]
    for page in pages[1:]:
        section.add_child(instance=page)
    for page in pages:
        submitted(page)
    with django_capture_on_commit_callbacks(execute=True):
        for page in pages:
            in_welsh(page, welsh).specific.save_revision().publish()
    address = in_welsh(pages[1], welsh).specific.url
    with django_capture_on_commit_callbacks(execute=True):
        Page.objects.get(pk=in_welsh(section, welsh).pk).delete()
    assert [in_welsh(page, welsh).alias_of_id for page in pages] == [page.pk for page in pages]
    assert client.get(address).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        section = Page.objects.get(pk=section.pk)
        section.delete()
    assert in_welsh(section, welsh) is None


def test_what_goes_with_its_section_asks_for_no_aliases_of_its_own(
    site, welsh, aliases, monkeypatch, django_capture_on_commit_callbacks
):
    section = StandardPage(title="Section", slug="section", summary="s", locale=Locale.objects.get(language_code="en"))
    site.homes["en"].add_child(instance=section)
    page = section.add_child(instance=StandardPage(title="Page", slug="page", summary="s", locale=section.locale))
    submitted(page)
    asked = []
    monkeypatch.setattr(type(policies.keep_aliases), "enqueue", lambda *args, **kwargs: asked.append(args[0].name))
    with django_capture_on_commit_callbacks(execute=True):
        in_welsh(section, welsh).delete()
    assert asked.count("keep_aliases") == 1


def test_a_language_added_after_a_move_gets_its_aliases(site, welsh, django_capture_on_commit_callbacks):
    """FINDINGS: after a move, adding a synchronised language crashes."""
    home = site.homes["en"]
    about = home.add_child(instance=StandardPage(title="About", summary="s", locale=home.locale))
    members = home.add_child(instance=StandardPage(title="Members", summary="s", locale=home.locale))
    Page.objects.get(pk=about.pk).move(Page.objects.get(pk=members.pk), pos="last-child")
    with django_capture_on_commit_callbacks(execute=True):
        LanguagePolicy.objects.create(locale=welsh, untranslated="alias")
    assert in_welsh(about, welsh).get_parent() == in_welsh(members, welsh)


def test_another_policy_takes_the_aliases_away(site, welsh, aliases, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(site, "The plan")
    translated = submitted(make_article(site, "Another")).get_target_instance()
    with django_capture_on_commit_callbacks(execute=True):
        policy = LanguagePolicy.objects.get()
        policy.untranslated = "hide"
        policy.save()
    assert in_welsh(article, welsh) is None
    assert Page.objects.filter(pk=translated.pk).exists()


def test_translating_one_page_leaves_the_aliases_above_it_to_readers(
    site, welsh, client, django_capture_on_commit_callbacks
):
    site.news["cy"].delete()
    with django_capture_on_commit_callbacks(execute=True):
        LanguagePolicy.objects.create(locale=welsh, untranslated="alias")
        article, other = make_article(site, "The plan"), make_article(site, "Other news")
    with django_capture_on_commit_callbacks(execute=True):
        translation = submitted(article)
    draft, list_of_news = in_welsh(article, welsh), in_welsh(site.news["en"], welsh)
    assert (draft.live, draft.alias_of_id, draft.get_parent().pk) == (False, None, list_of_news.pk)
    assert (list_of_news.live, list_of_news.alias_of_id) == (True, site.news["en"].pk)
    for address in ("/cy/news/", "/cy/news/feed/", in_welsh(other, welsh).url):
        assert client.get(address).status_code == 200, address
    assert "Other news" in client.get("/cy/").content.decode()
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    generation.forget()
    draft.refresh_from_db()
    assert client.get(draft.url).status_code == 200
    assert "Cyf: The plan" in client.get("/cy/").content.decode()


def test_what_a_private_section_holds_gets_no_alias(site, welsh, aliases, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(site, "The plan")
    assert in_welsh(article, welsh)
    with django_capture_on_commit_callbacks(execute=True):
        restriction = PageViewRestriction.objects.create(page=site.news["en"], restriction_type="login")
    assert in_welsh(article, welsh) is None
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert in_welsh(article, welsh)


def test_many_aliases_are_made_in_turns(site, welsh, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(policies, "TURN_SECONDS", -1)
    for number in range(4):
        make_article(site, f"Article {number}")
    with django_capture_on_commit_callbacks(execute=True):
        LanguagePolicy.objects.create(locale=welsh, untranslated="alias")
    assert Page.objects.filter(locale=welsh, alias_of__isnull=False).count() == 4


def test_the_policy_stands_in_the_languages_form(client, site, welsh):
    client.force_login(person(roles.EDITORS))
    admin = person(roles.EDITORS)
    admin.is_superuser = True
    admin.save()
    html = client.get(f"/admin/locales/edit/{welsh.pk}/").content.decode()
    assert "Say that it is not translated yet" in html
    assert "Synchronise content from another locale" not in html
    slug = LanguagePolicy._meta.db_table
    client.post(
        f"/admin/locales/edit/{welsh.pk}/",
        {"language_code": "cy", f"component-{slug}-untranslated": "hide", f"component-{slug}-enabled": "on"},
    )
    assert policies.by_locale() == {welsh.pk: "hide"}


@pytest.mark.parametrize("how", ["button", "program"])
def test_a_page_that_becomes_an_alias_is_out_of_date_no_more(
    site, welsh, aliases, client, how, django_capture_on_commit_callbacks
):
    """It shows the words of its source; readers were told that these are older than themselves."""
    article = make_article(site, "The plan")
    translation = submitted(article)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(translation)
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, title="Something entirely different")
    assert freshness.is_outdated(page)
    with django_capture_on_commit_callbacks(execute=True):
        if how == "button":
            client.force_login(person(WELSH))
            client.post(reverse("wagtail_localize:convert_to_alias", args=[page.pk]))
        else:
            page.alias_of = Page.objects.get(pk=article.pk)
            page.save()
    assert in_welsh(article, welsh).alias_of_id == article.pk
    generation.forget()
    assert not freshness.is_outdated(page)
    client.logout()
    assert 'class="outdated"' not in client.get(page.url).content.decode()


def test_a_language_without_a_front_page_costs_the_aliases_nothing(site, welsh):
    """Six queries for each English page at each publication, in one task that never gave way."""
    Page.objects.get(pk=site.homes["cy"].pk).delete()
    LanguagePolicy.objects.create(locale=welsh, untranslated="alias")

    def queries():
        with CaptureQueriesContext(connection) as made:
            policies.keep_aliases.call()
        return len(made)

    before = queries()
    for number in range(4):
        make_article(site, f"Article {number}")
    assert queries() <= before
