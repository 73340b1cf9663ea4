"""Topics, authors and kinds: one address each, translated without harm, deleted without traces."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from core.models import Furniture
from news.models import ArticleKind, ArticlePage, Author, ListingTerm, Topic
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def welsh(site):
    return Locale.objects.get(language_code="cy")


def test_an_address_that_is_taken_is_refused_at_its_field(admin_client, site):
    fields = {"name": "Policies", "slug": "policy", "description": ""}
    response = admin_client.post("/admin/snippets/news/topic/add/", fields)
    assert response.status_code == 200
    assert "another one at this address" in response.content.decode()


def test_copy_for_translation_takes_a_free_address(site, welsh):
    Topic.objects.create(name="Funding", slug="funding", locale=site.home.locale)
    Topic.objects.create(name="Arall", slug="funding", locale=welsh)
    copy = Topic.objects.get(name="Funding").copy_for_translation(welsh)
    copy.save()
    assert copy.slug == "funding-2"


def test_furniture_is_not_copied_over_a_languages_own(site, welsh):
    with pytest.raises(ValidationError, match="already"):
        Furniture.objects.get(locale=site.home.locale).copy_for_translation(welsh)


def test_a_kind_in_use_is_kept(admin_client, site):
    make_article(site)
    response = admin_client.post(f"/admin/snippets/news/articlekind/delete/{site.kind.pk}/", follow=True)
    assert "so it stays" in response.content.decode()
    assert ArticleKind.objects.filter(pk=site.kind.pk).exists()


def test_a_draft_of_a_deleted_kind_can_still_be_edited(admin_client, site):
    other = ArticleKind.objects.create(name="Note", plural="Notes", slug="note", locale=site.home.locale)
    article = make_article(site)
    article.kind = other
    article.save_revision()
    other.delete()
    assert admin_client.get(f"/admin/pages/{article.pk}/edit/").status_code == 200


def test_articles_of_a_deleted_topic_follow_its_translation_or_leave_its_list(client, site):
    article = make_article(site, "Filed")
    site.topic.delete()
    again = ArticlePage.objects.get(pk=article.pk)
    assert [item.topic.name for item in again.article_topics.all()] == ["Polisi"]
    Topic.objects.get(name="Polisi").delete()
    assert not ListingTerm.objects.filter(key=site.topic.translation_key).exists()
    assert client.get("/news/filed/").status_code == 200


@pytest.mark.parametrize("family", ["topic", "author"])
def test_a_draft_keeps_what_its_topic_or_author_was_handed_over_to(site, welsh, family):
    term = getattr(site, family)
    heir = term.get_translations().first()
    if heir is None:
        heir = term.copy_for_translation(welsh)
        heir.save()
    article = make_article(site, "Filed")
    article.save_revision().publish()
    article.title = "Filed, with a comma"
    article.save_revision()
    term.delete()
    article = ArticlePage.objects.get(pk=article.pk)
    article.get_latest_revision_as_object().save_revision().publish()
    rows = getattr(ArticlePage.objects.get(pk=article.pk), f"article_{family}s").all()
    assert [getattr(row, family) for row in rows] == [heir]


def test_a_draft_keeps_the_topic_that_an_editor_chose(site):
    article, other = make_article(site), Topic.objects.create(name="Data", slug="data", locale=site.home.locale)
    row = article.article_topics.get()
    row.topic = other
    article.article_topics = [row]
    article.save_revision()
    assert [item.topic for item in article.get_latest_revision_as_object().article_topics.all()] == [other]


def test_a_draft_does_not_get_back_what_an_editor_replaced(site):
    article, other = make_article(site), Author.objects.create(name="Ann", slug="ann", locale=site.home.locale)
    article.save_revision().publish()
    row = article.article_authors.get()
    row.author = other
    article.article_authors = [row]
    article.save_revision()
    other.delete()
    assert not ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object().article_authors.exists()
