"""Title cards: made when a page goes live, shown only while they say what the page says, put away when replaced."""

import math
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.models import Locale, Page, PageViewRestriction, Revision

from core import title_cards
from core.models import Furniture, Image
from delivery import generation
from delivery.models import Change
from news.models import ArticlePage, NewsIndexPage
from tests.factories import make_article, make_image
from tests.pages import soup_of

pytestmark = pytest.mark.django_db
ADDRESS = "/news/our-response/"


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Whatever follows a commit happens at the end of each ``with committed():``."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def article(site, committed):
    """A live article without a picture, and its card."""
    with committed():
        made = make_article(site, "Our response")
    return ArticlePage.objects.get(pk=made.pk)


def shared(client, address=ADDRESS):
    """Return {property: content} of what a page says to those who share it."""
    head = soup_of(client.get(address)).head
    return {meta.get("property") or meta.get("name"): meta["content"] for meta in head.find_all("meta", content=True)}


def stored():
    return set(default_storage.listdir(title_cards.FOLDER)[1])


def file_name(page):
    return f"{ArticlePage.objects.get(pk=page.pk).title_card}.png"


def test_published_page_without_a_picture_is_shared_with_its_title_card(client, article):
    meta = shared(client)
    assert meta["og:image"] == f"http://localhost/media/images/cards/{article.title_card}.png"
    assert (meta["og:image:width"], meta["og:image:height"]) == ("1200", "630")
    assert meta["og:image:alt"] == "Our response"
    assert meta["twitter:card"] == "summary_large_image"
    response = client.get(meta["og:image"].removeprefix("http://localhost"))
    assert response["Content-Type"] == "image/png"
    assert "immutable" in response["Cache-Control"]
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")


def test_every_kind_of_page_gets_one_in_every_language(client, site, committed):
    with committed():
        title_cards.complete.enqueue()
    for address in ("/", "/news/", "/contact/", "/cy/", "/cy/newyddion/", "/ar/أخبار/"):
        assert "/images/cards/" in shared(client, address)["og:image"]


def test_title_for_sharing_is_the_one_drawn(client, article, committed):
    before = article.title_card
    article.social_title = "In short"
    with committed():
        article.save()
    assert shared(client)["og:image:alt"] == "In short"
    assert file_name(article) != f"{before}.png"


def test_picture_of_its_own_comes_first_and_no_card_is_made(client, site, committed):
    with committed():
        image = make_image()
        made = make_article(site, "Our response", lead_image=image, lead_image_alt="Hills")
    assert file_name(made) == ".png"
    meta = shared(client)
    assert "/images/cards/" not in meta["og:image"] and "og:image:alt" not in meta
    # Smaller than a shared picture could be, so it was not made larger.
    assert (meta["og:image:width"], meta["og:image:height"]) == ("640", "336")


def test_card_is_put_away_when_a_picture_takes_its_place(article, committed):
    with committed():
        article.lead_image, article.lead_image_alt = make_image(), "Hills"
        article.save()
    assert file_name(article) == ".png"
    assert f"{article.title_card}.png" not in stored()


def test_card_stands_in_for_a_picture_whose_rights_ran_out(client, site, committed):
    with committed():
        image = make_image()
        make_article(site, "Our response", lead_image=image, lead_image_alt="Hills")
    Image.objects.update(rights_expire_on=date.today() - timedelta(days=1))
    assert "og:image" not in shared(client)
    with committed():
        title_cards.complete.enqueue()
    assert "/images/cards/" in shared(client)["og:image"]


def test_draft_has_no_card_until_it_is_published(site, committed):
    with committed():
        made = make_article(site, "Our response", live=False)
        made.save_revision()
    assert file_name(made) == ".png"
    with committed():
        made.get_latest_revision().publish()
    assert file_name(made) in stored()


def test_outdated_card_is_never_shown_and_the_new_one_replaces_it(client, article, committed):
    ArticlePage.objects.filter(pk=article.pk).update(title="What we answered")
    assert "og:image" not in shared(client)
    with committed():
        title_cards.complete.enqueue()
    assert shared(client)["og:image"].endswith(file_name(article))
    assert file_name(article) in stored() and f"{article.title_card}.png" not in stored()


def test_showing_a_card_asks_neither_database_nor_storage(article, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(generation._shared, "next_poll", math.inf)
    assert article.title_card_url
    monkeypatch.setattr(title_cards.default_storage, "exists", None)
    with django_assert_num_queries(0):
        assert article.title_card_url


def test_new_name_of_the_organisation_makes_all_cards_again_in_one_generation(client, site, article, committed):
    with committed():
        title_cards.complete.enqueue()
    welsh = NewsIndexPage.objects.get(pk=site.news["cy"].pk).title_card
    furniture = Furniture.objects.get(locale__language_code="en")
    furniture.organisation_name = "Another name"
    with committed():
        furniture.save()
        assert "og:image" not in shared(client)
        changes = Change.objects.count()
    assert Change.objects.count() == changes + 1
    assert shared(client)["og:image"].endswith(file_name(article))
    assert f"{article.title_card}.png" not in stored()
    assert NewsIndexPage.objects.get(pk=site.news["cy"].pk).title_card == welsh


def test_logo_is_part_of_the_card_and_a_broken_one_gives_way_to_the_mark(client, article, committed, caplog):
    with committed():
        logo = make_image("Logo")
        Furniture.objects.filter(locale__language_code="en").update(logo=logo)
        title_cards.complete.enqueue()
    first = file_name(article)
    assert first != f"{article.title_card}.png" and first in stored()
    logo.renditions.all().delete()
    default_storage.delete(logo.file.name)
    with committed():
        logo.focal_point_x = logo.focal_point_y = logo.focal_point_width = logo.focal_point_height = 9
        logo.save()
    assert file_name(article) not in ("", first) and file_name(article) in stored()
    assert "The logo could not be drawn" in caplog.text


def test_old_revision_does_not_bring_an_old_card_back(client, article, committed):
    old = article.save_revision()
    article.title = "What we answered"
    with committed():
        article.save_revision().publish()
    newer = file_name(article)
    with committed():
        Revision.objects.get(pk=old.pk).publish()
        assert file_name(article) == newer
        assert "og:image" not in shared(client)
    assert file_name(article) == f"{article.title_card}.png"
    assert shared(client)["og:image"].endswith(file_name(article))


def test_copy_shares_a_card_until_its_title_changes(client, article, committed):
    with committed():
        copy = article.copy(update_attrs={"slug": "copy"})
    assert file_name(copy) == file_name(article)
    copy.title = "A copy"
    with committed():
        copy.save()
    assert file_name(copy) != file_name(article)
    assert {file_name(copy), file_name(article)} <= stored()
    assert shared(client)["og:image"].endswith(file_name(article))


def test_translation_gets_a_card_in_its_own_words(client, article, committed):
    page = article.copy_for_translation(Locale.objects.get(language_code="cy"), copy_parents=True)
    page.title, page.live = "Ein hymateb i’r ŵyl", True
    with committed():
        page.save()
    meta = shared(client, page.get_url())
    assert meta["og:image"].endswith(file_name(page))
    assert meta["og:image:alt"] == "Ein hymateb i’r ŵyl"
    assert {file_name(page), file_name(article)} <= stored()


def test_alias_is_shared_with_the_card_of_the_words_it_shows(article, committed):
    with committed():
        alias = article.copy_for_translation(Locale.objects.get(language_code="cy"), copy_parents=True, alias=True)
        ArticlePage.objects.filter(pk=alias.pk).update(live=True, title_card="")
        title_cards.complete.enqueue()
    assert file_name(alias) == file_name(article)
    assert ArticlePage.objects.get(pk=alias.pk).title_card_url == article.title_card_url


def test_private_pages_have_no_card_that_everybody_could_see(article, committed):
    with committed():
        PageViewRestriction.objects.create(page=article.page_ptr, restriction_type="password", password="x")
    assert file_name(article) == ".png" and f"{article.title_card}.png" not in stored()
    with committed():
        PageViewRestriction.objects.get().delete()
    assert file_name(article) in stored()


def test_storage_that_refuses_is_logged_and_tried_again_later(client, article, committed, monkeypatch, caplog):
    def refuse(*args, **kwargs):
        raise OSError("No space left on device")

    article.title = "What we answered"
    with monkeypatch.context() as broken:
        broken.setattr(default_storage, "save", refuse)
        with committed():
            article.save()
    assert f"The title card of page {article.pk} could not be made" in caplog.text
    assert "og:image" not in shared(client)
    assert shared(client)["og:title"] == "What we answered"
    with committed():
        title_cards.complete.enqueue()
    assert shared(client)["og:image"].endswith(file_name(article))
    assert file_name(article) in stored()


def test_lost_files_are_made_again_and_files_of_deleted_pages_go(site, article, committed):
    with committed():
        other = make_article(site, "Another")
    default_storage.delete(title_cards.file_of(article.title_card))
    gone = file_name(other)
    Page.objects.get(pk=other.pk).delete()
    default_storage.save(f"{title_cards.FOLDER}/unknown.png", ContentFile(b"x"))
    with committed():
        title_cards.complete.enqueue()
    assert f"{article.title_card}.png" in stored()
    assert not stored() & {gone, "unknown.png"}


def test_unpublished_page_keeps_its_card(client, article, committed):
    with committed():
        article.unpublish()
        title_cards.complete.enqueue()
    with committed():
        article.save_revision().publish()
    assert shared(client)["og:image"].endswith(file_name(article))


@pytest.mark.parametrize("title", ["A\x01note\u202e\u200f about", "W" * 255, "计划", "🎉"])
def test_unusual_titles_have_a_card(client, site, committed, title):
    with committed():
        made = make_article(site, title, slug="unusual")
    assert file_name(made) in stored()
    assert shared(client, "/news/unusual/")["og:image"].endswith(file_name(made))


def test_nothing_is_done_where_nothing_changed(article, committed):
    title_cards.complete.enqueue()
    changes, files = Change.objects.count(), stored()
    title_cards.make.enqueue([article.pk])
    title_cards.complete.enqueue()
    assert (Change.objects.count(), stored()) == (changes, files)
