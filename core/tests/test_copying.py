"""A page is copied within its language, to an address that it may have."""

import pytest

from contact.tests.inbox import person
from home.models import StandardPage
from news.models import ArticlePage
from portal import roles
from tests.factories import make_article
from tests.soak.admin_acts import fields

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WAYS = [{}, {"publish_copies": "on"}, {"alias": "on"}]
STAYS = "A copy keeps its language, and this page has another. Choose “Translate this page” instead."


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
