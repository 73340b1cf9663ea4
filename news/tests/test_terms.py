"""Topics, authors and kinds: one address each, translated without harm, deleted without traces."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from core import facets
from core.models import Furniture
from news import taxonomy
from news.models import ArticleKind, ArticlePage, Author, ListingTerm, Topic
from tests.factories import make_article
from tests.soak.admin_acts import fields, streams

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


def test_lists_of_terms_and_furniture_say_what_is_public_in_words(admin_client, site):
    for kind in ("news/topic", "news/author", "news/articlekind", "core/furniture"):
        rows = BeautifulSoup(admin_client.get(f"/admin/snippets/{kind}/").content, "html.parser").select(
            ".listing tbody tr"
        )
        assert rows
        for row in rows:
            said = row.get_text(" ", strip=True)
            assert "live" in said.split(), said
            assert not {"True", "False"} & set(said.split()), said


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


@pytest.fixture
def two_at_one_word(site, welsh):
    """Return {name: key} of two topics that Welsh would have at the word "data", one of them in English words."""
    data = Topic.objects.create(name="Data", slug="data", locale=site.home.locale)
    information = Topic.objects.create(name="Information", slug="information", locale=site.home.locale)
    Topic.objects.create(name="Ystadegau", slug="data", locale=welsh, translation_key=information.translation_key)
    for title, topic in {"Borrowed": data, "Own": information}.items():
        make_article(site, title, language="cy", topics=[topic])
    return {"Data": data.translation_key, "Ystadegau": information.translation_key}


def test_two_topics_never_share_an_address(client, site, two_at_one_word):
    shown = {term.name: term.url for term in taxonomy.terms("topics", "cy").values()}
    assert shown["Ystadegau"] == "/cy/newyddion/pynciau/data/"
    assert shown["Data"] == f"/cy/newyddion/pynciau/data-{two_at_one_word['Data'].hex[:12]}/"
    for name, title in {"Ystadegau": "Own", "Data": "Borrowed"}.items():
        listed = client.get(shown[name])
        assert [row.title for row in listed.context["rows"]] == [title]
        feed = client.get(f"{shown[name]}feed/").content.decode()
        assert feed.count("<item>") == 1
        assert f"<title>{title}</title>" in feed
    assert taxonomy.terms("topics", "en")[two_at_one_word["Data"]].url == "/news/topics/data/"


def test_the_search_tells_two_topics_of_one_word_apart(site, two_at_one_word):
    topic = next(facet for facet in facets.declared() if facet.name == "topic")
    for name, key in two_at_one_word.items():
        value = topic.values("cy")[key.hex[:12]]
        assert (value.label, topic.key(value.slug, "cy")) == (name, key.hex[:12])


def test_of_two_topics_in_a_third_language_the_older_keeps_the_word(site, welsh):
    older, younger = (
        Topic.objects.create(name=code, slug="data", locale=Locale.objects.get(language_code=code))
        for code in ("cy", "ar")
    )
    shown = taxonomy.terms("topics", "en")
    assert shown[older.translation_key].slug == "data"
    assert shown[younger.translation_key].slug == f"data-{younger.translation_key.hex[:12]}"


@pytest.mark.parametrize("family", ["topic", "author"])
def test_readers_see_a_term_once_where_its_translation_took_its_place_beside_itself(client, site, welsh, family):
    term = getattr(site, family)
    heir = term.get_translations().first() or term.copy_for_translation(welsh)
    heir.name = "Unwaith"
    heir.save()
    article = make_article(site, "Filed", **{f"{family}s": [term, heir]})
    term.delete()
    html = client.get("/news/filed/").text
    found = BeautifulSoup(html, "lxml")
    assert len(found.main.select(f'a[href*="/news/{family}s/"]')) == 1
    assert html.count('"Unwaith"') == 1
    assert len(getattr(ArticlePage.objects.get(pk=article.pk), f"{family}_views")) == 1


def rows_of(article, family, *terms):
    """Return the fields of an article's form with one row for each term."""
    name = f"article_{family}s"
    rows = {f"{name}-TOTAL_FORMS": str(len(terms))}
    for place, term in enumerate(terms):
        row = {"id": "", family: term.pk, "ORDER": place + 1, "DELETE": ""}
        rows |= {f"{name}-{place}-{field}": value for field, value in row.items()}
    return rows


@pytest.mark.parametrize("family", ["topic", "author"])
def test_a_term_is_taken_once_in_whichever_language(admin_client, site, welsh, family):
    term = getattr(site, family)
    other = term.get_translations().first() or term.copy_for_translation(welsh)
    other.save()
    article = make_article(site, topics=[], authors=[])
    address = f"/admin/pages/{article.pk}/edit/"
    form = dict(fields(admin_client.get(address).text)) | streams("As it was.")
    for twice in ([term, term], [term, other]):
        sent = form | rows_of(article, family, *twice)
        response = admin_client.post(address, sent | {"action-publish": "1"})
        assert response.status_code == 200
        first, second = response.context["form"].formsets[f"article_{family}s"].forms
        assert not first.errors
        assert second.errors == {family: ["This one is chosen already. Remove it here, or choose another one."]}
        assert "This one is chosen already" in response.text
        taken_out = {f"article_{family}s-0-DELETE": "1"}
        assert admin_client.post(address, sent | taken_out | {"action-publish": "1"}).status_code == 302
        assert admin_client.post(address, sent).status_code == 302


@pytest.mark.parametrize("family", ["topic", "author"])
def test_a_term_that_was_saved_by_itself_meanwhile_is_not_there_twice(admin_client, site, family):
    article = make_article(site, topics=[], authors=[], live=False)
    address = f"/admin/pages/{article.pk}/edit/"
    form = dict(fields(admin_client.get(address).text)) | streams("As it was.")
    sent = form | rows_of(article, family, getattr(site, family))
    for _again in range(2):
        assert admin_client.post(address, sent).status_code == 302
    rows = getattr(ArticlePage.objects.get(pk=article.pk), f"article_{family}s")
    assert rows.count() == 1
    opened = dict(fields(admin_client.get(address).text))
    assert opened[f"article_{family}s-TOTAL_FORMS"] == "1"


@pytest.mark.parametrize("family", ["topic", "author"])
def test_a_term_that_was_taken_out_and_chosen_again_meanwhile_is_not_there_twice(admin_client, site, family):
    term = getattr(site, family)
    article = make_article(site, topics=[site.topic], authors=[site.author], live=False)
    address = f"/admin/pages/{article.pk}/edit/"
    older = dict(fields(admin_client.get(address).text)) | streams("As it was.")
    again = older | rows_of(article, family, term) | {f"article_{family}s-INITIAL_FORMS": "0"}
    for form in (older | {f"article_{family}s-0-DELETE": "1"}, again, older):
        assert admin_client.post(address, form).status_code == 302
    assert getattr(ArticlePage.objects.get(pk=article.pk), f"article_{family}s").count() == 1
