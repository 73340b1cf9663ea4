"""A page is copied within its language, to an address that it may have, and without the dates of the original."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contact.tests.inbox import person
from home.models import StandardPage
from news.models import ArticlePage
from portal import roles
from tests.factories import make_article
from tests.soak.admin_acts import fields

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WAYS = [{}, {"publish_copies": "on"}, {"alias": "on"}]
STAYS = "A copy keeps its language, and this page has another. Choose “Translate this page” instead."
PASSED = timezone.now().replace(microsecond=0) - timedelta(days=400)
DATES = {"published_on": PASSED, "updated_on": PASSED, "expire_at": PASSED, "expired": True}


@pytest.fixture
def editor(client, site):
    client.force_login(person("editor", roles.EDITORS, roles.translators("cy")))


def copy(client, page, slug, **said):
    """Answer the form of a copy and return the response."""
    address = f"/admin/pages/{page.pk}/copy/"
    form = {name: value for name, value in fields(client.get(address).text) if name.startswith("new_")}
    return client.post(address, form | {"new_slug": slug} | said)


def said_of(response):
    """Return what the form says is wrong, by field."""
    return {name: " ".join(words) for name, words in response.context["form"].errors.items()}


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_stays_in_its_language(client, site, editor, way):
    article = make_article(site)
    response = copy(client, article, "a-copy", new_parent_page=site.news["cy"].pk, **way)
    assert said_of(response) == {"new_parent_page": STAYS}
    assert ArticlePage.objects.count() == 1
    assert copy(client, article, "a-copy", **way).status_code == 302
    assert ArticlePage.objects.count() == 2


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("slug", ["2025", "topics", "pynciau", "cy"])
def test_a_copy_is_refused_a_word_of_the_site_at_the_field(client, site, editor, slug, way):
    response = copy(client, make_article(site), slug, **way)
    assert said_of(response) == {"new_slug": "This word is reserved for an address of the site itself. Choose another."}
    assert ArticlePage.objects.count() == 1


def test_what_is_reserved_is_asked_of_the_page_that_is_copied(client, site, editor):
    page = StandardPage(title="About", slug="about", summary="s", locale=site.home.locale)
    site.home.add_child(instance=page)
    assert "new_slug" in said_of(copy(client, page, "search"))
    assert copy(client, page, "topics").status_code == 302
    assert copy(client, make_article(site), "search").status_code == 302


def dates_of(article):
    return [getattr(article, name) for name in ArticlePage.publication_dates]


@pytest.mark.parametrize("live", [True, False])
def test_a_draft_has_no_dates_of_what_it_was_copied_from(client, site, editor, live):
    article = make_article(site, "Budget 2025", live=live, **DATES)
    article.save_revision()
    copy(client, article, "budget-2026")
    made = ArticlePage.objects.get(slug="budget-2026")
    assert not any(dates_of(made)) and not any(dates_of(made.get_latest_revision_as_object()))
    assert made.status_string == "draft"
    made.get_latest_revision().publish()
    made.refresh_from_db()
    assert timezone.now() - made.published_on < timedelta(minutes=1)
    article.refresh_from_db()
    assert article.published_on == article.get_latest_revision_as_object().published_on == PASSED


def test_pages_copied_with_their_section_have_no_end_of_the_original_either(client, site, editor):
    section = StandardPage(title="About", slug="about", summary="s", locale=site.home.locale)
    site.home.add_child(instance=section)
    section.add_child(
        instance=StandardPage(title="Campaign", slug="campaign", summary="s", locale=section.locale, expire_at=PASSED)
    )
    copy(client, section, "again", copy_subpages="on")
    made = StandardPage.objects.get(url_path__endswith="/again/campaign/")
    assert (made.expire_at, made.get_latest_revision_as_object().expire_at) == (None, None)


@pytest.mark.parametrize("way", WAYS[1:])
def test_what_goes_live_as_it_was_keeps_its_date(client, site, editor, way):
    copy(client, make_article(site, published_on=PASSED), "a-copy", **way)
    assert ArticlePage.objects.get(slug="a-copy").published_on == PASSED


def test_an_alias_of_a_draft_keeps_the_dates_of_its_source(client, site, editor):
    copy(client, make_article(site, published_on=PASSED, live=False), "an-alias", alias="on")
    assert ArticlePage.objects.get(slug="an-alias").published_on == PASSED
