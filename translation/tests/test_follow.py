"""What happens to a source happens to its translations, by the stated policy."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Revision

from home.models import StandardPage
from news.models import ArticleTopic, Topic
from portal import schedule
from tests.factories import make_article, make_image
from translation.tests.pages import edit, publish, submitted, translate_all
from translation.tests.people import WELSH, person, roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def pair(site, django_capture_on_commit_callbacks):
    """A live English article and its live Welsh translation."""
    article = make_article(site, "The plan")
    translation = submitted(article)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        welsh = publish(translation)
    welsh.refresh_from_db()
    assert welsh.live
    return article, welsh


def test_a_withdrawn_source_is_withdrawn_in_every_language(pair):
    article, welsh = pair
    article.unpublish()
    welsh.refresh_from_db()
    assert not welsh.live


def test_a_withdrawn_translation_leaves_its_source(pair):
    article, welsh = pair
    welsh.unpublish()
    article.refresh_from_db()
    assert article.live


def test_an_expired_source_expires_in_every_language(pair):
    article, welsh = pair
    Page.objects.filter(pk=article.pk).update(expire_at=timezone.now())
    schedule.run_due()
    welsh.refresh_from_db()
    assert not welsh.live


def test_a_deleted_source_leaves_its_translations(pair):
    article, welsh = pair
    article.delete()
    welsh.refresh_from_db()
    assert welsh.live


def standard(parent, title, source=None):
    key = {"translation_key": source.translation_key} if source else {}
    return parent.add_child(instance=StandardPage(title=title, summary="s", locale=parent.locale, **key))


def test_a_moved_page_moves_in_every_language_where_its_new_parent_exists(site):
    about, members = standard(site.homes["en"], "About"), standard(site.homes["en"], "Members")
    welsh_about = standard(site.homes["cy"], "Amdanom", about)
    welsh_members = standard(site.homes["cy"], "Aelodau", members)
    arabic_members = standard(site.homes["ar"], "الأعضاء", members)
    members.move(about, pos="last-child")
    assert Page.objects.get(pk=welsh_members.pk).get_parent().pk == welsh_about.pk
    assert Page.objects.get(pk=arabic_members.pk).get_parent().pk == site.homes["ar"].pk


@pytest.fixture
def in_the_way(site):
    """A page and a section in three languages; the Welsh section has a page at the address that the page would get."""
    about, members = standard(site.homes["en"], "About"), standard(site.homes["en"], "Members")
    welsh_about = standard(site.homes["cy"], "Amdanom", about)
    welsh_members = standard(site.homes["cy"], "Aelodau", members)
    arabic_about = standard(site.homes["ar"], "حول", about)
    arabic_members = standard(site.homes["ar"], "الأعضاء", members)
    standard(welsh_members, "Amdanom")
    standard(welsh_about, "Hanes")
    return about, members, {welsh_about.pk: welsh_members.pk, arabic_about.pk: arabic_members.pk}


def test_a_moved_page_gets_a_free_address_where_its_own_is_taken(site, client, in_the_way):
    about, members, moves = in_the_way
    client.force_login(person(roles.EDITORS))
    response = client.post(reverse("wagtailadmin_pages:move_confirm", args=[about.pk, members.pk]))
    assert response.status_code == 302
    assert {pk: Page.objects.get(pk=pk).get_parent().pk for pk in moves} == moves
    for old, new in {"amdanom": "aelodau/amdanom-1", "amdanom/hanes": "aelodau/amdanom-1/hanes"}.items():
        assert client.get(f"/cy/{old}/").headers.get("Location") == f"/cy/{new}/"
        assert client.get(f"/cy/{new}/").status_code == 200
    assert "Amdanom" in client.get("/cy/aelodau/amdanom/").content.decode()


def test_a_draft_of_a_page_that_got_another_address_can_still_be_published(site, in_the_way):
    about, members, moves = in_the_way
    welsh = StandardPage.objects.get(pk=next(iter(moves)))
    welsh.summary = "Newydd"
    draft = welsh.save_revision()
    about.move(members, pos="last-child")
    Revision.objects.get(pk=draft.pk).publish()
    welsh = StandardPage.objects.get(pk=welsh.pk)
    assert (welsh.summary, welsh.url) == ("Newydd", "/cy/aelodau/amdanom-1/")


def test_a_language_that_cannot_follow_a_move_holds_up_no_other(site, in_the_way, caplog):
    about, members, moves = in_the_way
    (welsh, welsh_members), (arabic, arabic_members) = moves.items()
    Page.objects.get(pk=welsh_members).move(Page.objects.get(pk=welsh), pos="last-child")
    Page.objects.get(pk=about.pk).move(Page.objects.get(pk=members.pk), pos="last-child")
    assert Page.objects.get(pk=welsh).get_parent().pk == site.homes["cy"].pk
    assert Page.objects.get(pk=arabic).get_parent().pk == arabic_members
    assert "could not follow" in caplog.text


def test_who_may_read_a_page_may_read_its_translations(pair, client):
    article, welsh = pair
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="password", password="one")
    assert welsh.view_restrictions.get().password == "one"
    restriction.password = "two"
    restriction.save()
    assert welsh.view_restrictions.get().password == "two"
    restriction.restriction_type = "groups"
    restriction.save()
    restriction.groups.set(Group.objects.all()[:1])
    assert welsh.view_restrictions.get().groups.count() == 1
    restriction.delete()
    assert not welsh.view_restrictions.exists()


def test_deleting_a_restricted_source_keeps_its_translation_restricted(pair):
    article, welsh = pair
    PageViewRestriction.objects.create(page=article, restriction_type="password", password="one")
    article.delete()
    assert welsh.view_restrictions.exists()


def test_facts_follow_at_once_and_words_wait(pair, site):
    article, welsh = pair
    moment = timezone.now().replace(microsecond=0) - timezone.timedelta(days=3)
    edit(article, published_on=moment, lead_image=make_image(), lead_image_is_decorative=True, summary="Other.")
    welsh = type(welsh).objects.get(pk=welsh.pk)
    assert welsh.published_on == moment
    assert welsh.lead_image_id
    assert welsh.summary != "Other."


def test_topics_follow_at_once(pair, site):
    article, welsh = pair
    health = Topic.objects.create(name="Health", slug="health", locale=site.home.locale)
    article = type(article).objects.get(pk=article.pk)
    # As the form does: without numbers the order is the database's own choice.
    policy = article.article_topics.get()
    policy.sort_order = 0
    article.article_topics.add(policy, ArticleTopic(topic=health, locale=article.locale, sort_order=1))
    article.save_revision().publish()
    welsh = type(welsh).objects.get(pk=welsh.pk)
    assert [item.topic.slug for item in welsh.article_topics.all()] == ["policy", "health"]
    assert {item.locale.language_code for item in welsh.article_topics.all()} == {"cy"}


def test_an_address_is_a_languages_own(pair):
    article, welsh = pair
    before = welsh.slug
    edit(article, slug="another-address")
    assert Page.objects.get(pk=welsh.pk).slug == before


def test_a_waiting_draft_gets_the_facts_too(pair):
    article, welsh = pair
    draft = welsh.specific
    draft.summary = "Drafft"
    draft.save_revision()
    edit(article, is_unlisted=True)
    draft = Page.objects.get(pk=welsh.pk).get_latest_revision_as_object()
    assert (draft.summary, draft.is_unlisted) == ("Drafft", True)


def test_a_withdrawn_source_takes_back_what_is_due_to_go_live(pair):
    article, welsh = pair
    welsh.unpublish()
    draft = welsh.specific
    draft.go_live_at = timezone.now() + timezone.timedelta(days=1)
    draft.save_revision().publish()
    article.unpublish()
    Revision.objects.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=timezone.now())
    schedule.run_due()
    assert not Page.objects.get(pk=welsh.pk).live


def test_a_page_that_came_under_a_private_section_is_private_in_every_language(site):
    home = site.homes["en"]
    private, page = standard(home, "For members"), standard(home, "Minutes")
    welsh = standard(site.homes["cy"], "Cofnodion", page)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=private.pk), pos="last-child")
    assert Page.get_view_restrictions(Page.objects.get(pk=welsh.pk)).exists()


def test_a_section_that_is_made_private_covers_translations_that_stand_elsewhere(site):
    section = standard(site.homes["en"], "For members")
    page = standard(section, "Minutes")
    welsh = standard(site.homes["cy"], "Cofnodion", page)
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    assert Page.get_view_restrictions(Page.objects.get(pk=welsh.pk)).exists()


@pytest.fixture
def minutes(site, django_capture_on_commit_callbacks):
    """A page and its live translation, in a section with a password that the other language lacks."""
    section, page = standard(site.homes["en"], "Board"), standard(site.homes["en"], "Minutes")
    translation = submitted(page)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        welsh = publish(translation)
    PageViewRestriction.objects.create(page=section, restriction_type="password", password="one")
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=section.pk), pos="last-child")
    return Page.objects.get(pk=section.pk), Page.objects.get(pk=page.pk), Page.objects.get(pk=welsh.pk), translation


def test_publishing_a_translation_keeps_it_as_private_as_the_section_of_its_source(
    minutes, client, django_capture_on_commit_callbacks
):
    _section, _page, welsh, _translation = minutes
    client.force_login(person(WELSH))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/pages/{welsh.pk}/edit/", {"action": "publish"})
    client.logout()
    assert welsh.view_restrictions.get().password == "one"
    assert "password" in client.get(f"/cy/{welsh.slug}/").content.decode()


def test_a_page_that_is_opened_inside_a_private_section_stays_private_in_every_language(minutes):
    _section, page, welsh, _translation = minutes
    PageViewRestriction.objects.create(page=page, restriction_type="login").delete()
    assert Page.get_view_restrictions(welsh).get().password == "one"


def test_what_a_section_closed_is_opened_with_it(minutes):
    section, _page, welsh, _translation = minutes
    section.view_restrictions.get().delete()
    assert not Page.get_view_restrictions(welsh).exists()


def test_what_leaves_a_private_section_is_opened_in_every_language(minutes, site):
    section, page, welsh, _translation = minutes
    page.move(site.homes["en"], pos="last-child")
    assert not Page.get_view_restrictions(welsh).exists()
    page = Page.objects.get(pk=page.pk)
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="one")
    page.move(Page.objects.get(pk=section.pk), pos="last-child")
    page.refresh_from_db()
    page.move(site.homes["en"], pos="last-child")
    assert Page.get_view_restrictions(welsh).exists()


def test_a_translation_below_an_alias_outlives_the_aliases_source(site):
    section = standard(site.homes["en"], "Section")
    alias = section.copy_for_translation(site.homes["cy"].locale, alias=True)
    own = standard(alias, "Tudalen Gymraeg")
    section.delete()
    assert Page.objects.filter(pk=own.pk, live=True).exists()
    assert not Page.objects.get(pk=alias.pk).live


def test_a_fault_in_the_translation_does_not_hold_up_its_source(pair):
    article, welsh = pair
    type(welsh).objects.filter(pk=welsh.pk).update(summary="")
    edit(article, is_unlisted=True)
    assert type(welsh).objects.get(pk=welsh.pk).is_unlisted
