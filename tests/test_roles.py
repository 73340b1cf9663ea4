"""Who may do what: groups, workflow, and what each can reach."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.models import Locale, Page, Site, Workflow

from portal import roles
from portal import site as sites
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def person(name, group):
    user = get_user_model().objects.create_user(name, f"{name}@example.org", "secret")
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def rights(site):
    """Return what a member of a group may do with a page."""

    def of(group, page):
        user = get_user_model().objects.filter(username=group).first() or person(group, group)
        may = page.permissions_for_user(user)
        return may.can_edit(), may.can_publish()

    return of


def test_editors_and_only_they_change_the_rules_for_robots(site):
    assert person("ed", roles.EDITORS).has_perm("core.change_robots")
    assert not person("au", roles.AUTHORS).has_perm("core.change_robots")


def test_groups_have_their_rights(site, rights):
    english = make_article(site)
    welsh = make_article(site, "Erthygl", language="cy")
    assert rights(roles.EDITORS, english) == (True, True)
    assert rights(roles.AUTHORS, english) == (True, False)
    assert rights("Translators: Cymraeg", welsh) == (True, True)
    assert rights("Translators: Cymraeg", english) == (False, False)
    assert not Group.objects.filter(name="Moderators").exists()


def test_two_forms_of_a_language_have_translators_of_their_own(site, settings, rights):
    settings.LANGUAGES = [*settings.LANGUAGES, ("de", "German"), ("de-at", "de-at"), ("de-ch", "de-ch")]
    sites.ensure()
    locales = Locale.objects.filter(language_code__startswith="de")
    homes = {locale.language_code: site.home.copy_for_translation(locale) for locale in locales}
    roles.ensure()
    named = {"de": "Deutsch", "de-at": "Deutsch (de-at)", "de-ch": "Deutsch (de-ch)"}
    for group, name in named.items():
        can_edit = [code for code, home in homes.items() if rights(f"Translators: {name}", home)[0]]
        assert can_edit == [group]


def test_making_them_again_changes_nothing_that_people_changed(site):
    person("eve", roles.EDITORS)
    Workflow.objects.update(name="Two pairs of eyes")
    group = Group.objects.get(name=roles.EDITORS)
    group.permissions.remove(group.permissions.get(codename="submit_translation"))
    kept = group.permissions.count()
    roles.ensure()
    group.refresh_from_db()
    assert group.permissions.count() == kept
    assert group.user_set.count() == 1
    assert [workflow.name for workflow in Workflow.objects.all()] == ["Two pairs of eyes"]


def test_a_group_whose_rights_were_all_taken_away_gets_none_back(site):
    group = Group.objects.get(name=roles.AUTHORS)
    group.permissions.clear()
    group.page_permissions.all().delete()
    roles.ensure()
    assert not group.permissions.exists()
    assert not group.page_permissions.exists()


def test_a_front_page_that_people_chose_stays_in_its_place(site, rights):
    first, welsh = site.home, site.homes["cy"]
    chosen = first.copy(update_attrs={"slug": "other"}, recursive=True)
    chosen_welsh = welsh.copy(update_attrs={"slug": "other-cy", "translation_key": chosen.translation_key})
    welsh.move(first.get_parent(), "last-child")
    Site.objects.update(root_page=chosen, hostname="old.example")
    Group.objects.get(name="Translators: Cymraeg").delete()
    assert sites.ensure() == chosen
    roles.ensure()
    assert Site.objects.values_list("root_page", "hostname").get() == (chosen.pk, "localhost")
    assert rights("Translators: Cymraeg", chosen_welsh) == (True, True)


def test_the_site_record_of_an_address_of_ipv6_has_its_brackets(site, settings):
    settings.PUBLIC_URL = "http://[::1]:8000"
    sites.ensure()
    assert Site.objects.get().root_url == "http://[::1]:8000"


def test_a_language_that_was_written_with_capital_letters_keeps_its_pages(site):
    Locale.objects.filter(language_code="cy").update(language_code="CY")
    sites.ensure()
    assert Locale.all_objects.filter(language_code__iexact="cy").get().language_code == "cy"
    assert Page.objects.get(pk=site.homes["cy"].pk).locale.language_code == "cy"


def test_a_site_on_what_is_no_front_page_of_its_language_gets_one(site):
    for page in (site.news["en"], site.homes["cy"]):
        Site.objects.update(root_page=page)
        assert sites.ensure() == site.home
        assert Site.objects.get().root_page_id == site.home.pk


@pytest.mark.parametrize("gone", [(), (roles.AUTHORS,)])
def test_a_group_of_people_called_moderators_is_no_one_of_wagtails(site, gone):
    eve = person("eve", roles.EDITORS)
    Workflow.objects.create(name="Press check")
    Group.objects.create(name="Moderators")
    Group.objects.filter(name__in=gone).delete()
    roles.ensure()
    assert [group.name for group in eve.groups.all()] == [roles.EDITORS]
    assert Group.objects.filter(name="Moderators").exists()
    assert {workflow.name for workflow in Workflow.objects.all()} == {roles.WORKFLOW, "Press check"}


def test_an_authors_article_waits_for_an_editors_approval(client, site):
    article = make_article(site, "Waiting", live=False)
    author, editor = person("ann", roles.AUTHORS), person("eve", roles.EDITORS)
    client.force_login(author)
    assert client.get(f"/admin/pages/{article.pk}/edit/").status_code == 200
    workflow = article.get_workflow()
    article.save_revision(user=author)
    state = workflow.start(article, author)
    assert not state.current_task_state.specific.task.get_actions(article, author)
    client.force_login(editor)
    task = state.current_task_state
    client.post(f"/admin/pages/workflow/action/{article.pk}/approve/{task.pk}/", {"comment": ""})
    assert client.get("/news/waiting/").status_code == 200


@pytest.mark.parametrize("group", [roles.AUTHORS, roles.EDITORS])
@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/admin/images/", "/admin/documents/"])
def test_admin_opens_for_everybody_who_works_here(client, site, group, address):
    client.force_login(person(f"user-{group}", group))
    assert client.get(address, follow=True).status_code == 200


def test_explorer_shows_date_kind_topics_and_languages(client, site):
    article = make_article(site, "Response")
    make_article(site, "Ymateb", language="cy", translation_key=article.translation_key)
    client.force_login(person("eve", roles.EDITORS))
    html = client.get(f"/admin/pages/{site.news['en'].pk}/").content.decode()
    for words in ("Statement", "Policy", "Cymraeg: live", "missing"):
        assert words in html
