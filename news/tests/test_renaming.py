"""The list under a topic, author or kind keeps its addresses when the word in them becomes another."""

import pytest
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale

from news.models import Topic
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def publish(term, **changes):
    for name, value in changes.items():
        setattr(term, name, value)
    term.save_revision().publish()


def assert_leads(client, old, new):
    for form in ("", "feed/", "atom/", "json/"):
        response = client.get(f"{old}{form}")
        assert (response.status_code, response["Location"]) == (301, iri_to_uri(f"{new}{form}")), old
        assert client.get(f"{new}{form}").status_code == 200


def welsh_policy(site):
    return Topic.objects.get(locale__language_code="cy", translation_key=site.topic.translation_key)


@pytest.mark.parametrize(("name", "word"), [("topic", "topics"), ("author", "authors"), ("kind", "kinds")])
def test_lists_and_feeds_of_a_renamed_term_are_found_in_one_hop(client, site, name, word):
    term = getattr(site, name)
    old = term.slug
    publish(term, slug="first")
    publish(term, slug="second")
    for slug in (old, "first"):
        assert_leads(client, f"/news/{word}/{slug}/", f"/news/{word}/second/")
    publish(term, slug=old)
    for slug in ("first", "second"):
        assert_leads(client, f"/news/{word}/{slug}/", f"/news/{word}/{old}/")
    assert client.get(f"/news/{word}/{old}/").status_code == 200


# The site's topic has a Welsh word, which it once had not, and no Arabic one.
def test_every_language_that_shows_the_word_keeps_its_address(client, site):
    publish(site.topic, slug="rules")
    assert_leads(client, "/news/topics/policy/", "/news/topics/rules/")
    assert_leads(client, "/ar/أخبار/مواضيع/policy/", "/ar/أخبار/مواضيع/rules/")
    assert client.get("/cy/newyddion/pynciau/polisi/").status_code == 200
    publish(welsh_policy(site), slug="rheolau")
    assert_leads(client, "/cy/newyddion/pynciau/polisi/", "/cy/newyddion/pynciau/rheolau/")
    assert_leads(client, "/cy/newyddion/pynciau/policy/", "/cy/newyddion/pynciau/rheolau/")


@pytest.mark.parametrize("at_once", [False, True])
def test_words_of_a_languages_own_that_come_and_go_leave_no_address_behind(client, site, at_once):
    arabic = site.topic.copy_for_translation(Locale.objects.get(language_code="ar"))
    arabic.slug = "سياسة"
    arabic.save()
    assert_leads(client, "/ar/أخبار/مواضيع/policy/", "/ar/أخبار/مواضيع/سياسة/")
    Topic.objects.filter(pk=arabic.pk).delete() if at_once else arabic.delete()
    assert_leads(client, "/ar/أخبار/مواضيع/سياسة/", "/ar/أخبار/مواضيع/policy/")


def test_a_draft_changes_no_address(client, site):
    before = Redirect.objects.count()
    site.topic.slug = "rules"
    site.topic.save_revision()
    assert Redirect.objects.count() == before
    assert client.get("/news/topics/policy/").status_code == 200


def test_a_term_that_takes_over_an_old_word_is_found_there(client, site):
    other = Topic.objects.create(name="Funding", slug="funding", locale=site.home.locale)
    publish(site.topic, slug="rules")
    publish(other, slug="policy")
    assert client.get("/news/topics/policy/").status_code == 200
    publish(other, slug="grants")
    assert_leads(client, "/news/topics/policy/", "/news/topics/grants/")


def test_a_term_whose_word_another_has_too_is_found_when_its_address_changes(client, site):
    welsh = Topic.objects.create(name="Data", slug="data", locale=Locale.objects.get(language_code="cy"))
    borrowed = Topic.objects.create(name="Data", slug="data", locale=site.home.locale)
    old = f"/cy/newyddion/pynciau/data-{borrowed.translation_key.hex[:12]}/"
    assert client.get(old).status_code == 200
    # Its own word changes; then it is the other that gives the word up.
    publish(borrowed, slug="figures")
    assert_leads(client, old, "/cy/newyddion/pynciau/figures/")
    publish(borrowed, slug="data")
    publish(welsh, slug="ystadegau")
    assert_leads(client, old, "/cy/newyddion/pynciau/data/")


def test_the_list_of_a_renamed_term_follows_its_index(client, site, django_capture_on_commit_callbacks):
    make_article(site)
    publish(site.topic, slug="rules")
    with django_capture_on_commit_callbacks(execute=True):
        publish(site.news["en"], slug="stories")
    assert_leads(client, "/news/topics/policy/", "/stories/topics/rules/")


def test_an_address_too_long_for_a_redirect_is_no_fault(client, site):
    site.news["en"].slug = "n" * 250
    site.news["en"].save()
    publish(site.topic, slug="rules")
    assert not Redirect.objects.filter(old_path__contains="nnn").exists()
    assert client.get(f"{site.news['en'].url}topics/rules/").status_code == 200
