"""Every page and snippet type is written, revised, published, read again whole, and unpublished."""

import pytest
from django.apps import apps
from wagtail.models import DraftStateMixin, Page

from core import checks
from core.models import BasePage, Furniture
from home.models import StandardPage
from news.models import ArticleKind, ArticlePage, Author, Topic
from tests.factories import body_of, every_block, make_article, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.database]
RICH = "<p>Words &amp; more</p>"


def make_page(site, kind):
    """Return a live page of a type with every field filled."""
    body = body_of(every_block(site))
    if kind == "articlepage":
        page = make_article(site, "Article", body=body, lead_image=make_image(), lead_image_alt="ŵ", press_contact="P")
        page.notes_to_editors = RICH
    elif kind == "standardpage":
        page = site.home.add_child(
            instance=StandardPage(title="About", summary="s", body=body, locale=site.home.locale)
        )
    elif kind == "homepage":
        page = site.home.specific
        page.body, page.lead_story = body, make_article(site, "Lead").page_ptr
    elif kind == "newsindexpage":
        page = site.news["en"]
        page.introduction = RICH
    else:
        page = site.contact["en"]
        page.introduction, page.phone, page.email, page.address = RICH, "0113 496 0132", "a@b.example", "One\nTwo"
    page.social_title, page.social_image = "Shared", make_image("Shared")
    return page


def values(item):
    skip = {"latest_revision", "live_revision", "last_published_at", "latest_revision_created_at", "first_published_at"}
    return {
        field.name: str(field.value_from_object(item))
        for field in item._meta.concrete_fields
        if field.name not in skip and field.name != "has_unpublished_changes"
    }


PAGE_TYPES = sorted(model._meta.model_name for model in apps.get_models() if issubclass(model, BasePage))


@pytest.mark.parametrize("kind", PAGE_TYPES)
def test_page_round_trips(client, site, kind):
    page = make_page(site, kind)
    page.title = "Renamed ŷ"
    page.save_revision().publish()
    expected = values(page.get_latest_revision_as_object())
    again = Page.objects.get(pk=page.pk).specific
    assert values(again) == expected
    if kind == "articlepage":
        assert [item.topic for item in again.article_topics.all()] == [site.topic]
        assert [item.author for item in again.article_authors.all()] == [site.author]
    response = client.get(again.relative_url(None))
    assert response.status_code == 200
    assert "Renamed ŷ" in response.content.decode()
    again.unpublish()
    assert client.get(again.relative_url(None) or "/none/").status_code == 404


def make_snippet(site, model):
    if model is Furniture:
        return Furniture.objects.get(locale=site.home.locale)
    extra = {ArticleKind: {"plural": "Notes"}, Author: {"role": "Chair"}, Topic: {}}[model]
    return model.objects.create(name="Note", slug="note", description="d", locale=site.home.locale, **extra)


@pytest.mark.parametrize("model", [Topic, Author, ArticleKind, Furniture])
def test_snippet_round_trips(client, site, model):
    snippet = make_snippet(site, model)
    name = "organisation_name" if model is Furniture else "name"
    setattr(snippet, name, "Renamed ŷ")
    snippet.save_revision().publish()
    again = model.objects.get(pk=snippet.pk)
    assert getattr(again, name) == "Renamed ŷ"
    assert values(again) == values(snippet.latest_revision.as_object())
    if model is not Furniture:
        family = {Topic: "topics", Author: "authors", ArticleKind: "kinds"}[model]
        field = {Topic: {"topics": [again]}, Author: {"authors": [again]}, ArticleKind: {"kind": again}}[model]
        make_article(site, "Filed", **field)
        assert "Filed" in client.get(f"/news/{family}/note/").content.decode()
        again.unpublish()
        assert client.get(f"/news/{family}/note/").status_code == 404


def test_these_are_all_the_snippets():
    own = {model for model in checks.own_models(DraftStateMixin) if not issubclass(model, Page)}
    assert own == {Topic, Author, ArticleKind, Furniture}


def test_front_pages_are_made_at_the_top_only(site):
    assert not type(site.home).can_create_at(site.home)
    assert ArticlePage.can_create_at(site.news["en"])
    assert not ArticlePage.can_create_at(site.home)
