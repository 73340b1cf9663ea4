"""The public API shows nothing that is not public, by no list, search, filter or reference."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from news.models import ArticlePage
from tests.api import ARTICLES, detail, listed, restrict
from tests.factories import body_of, every_block, make_article, make_document, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def closed_collection():
    collection = Collection.get_first_root_node().add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection.add_child(name="Below it")


def move_to(collection, *files):
    for file in files:
        file.collection = collection
        file.save()


def expire(image):
    image.rights_expire_on = timezone.localdate() - timedelta(days=1)
    image.save()


def hide_by_draft(site, page):
    page.live = False
    page.save()


def hide_by_restriction(site, page):
    restrict(page)


def hide_by_restriction_above(site, page):
    restrict(site.news["en"])


def hide_by_being_unlisted(site, page):
    page.is_unlisted = True
    page.save()


def hide_by_language(site, page):
    home = site.homes["en"]
    home.live = False
    home.save()


def hide_by_being_an_alias(site, page):
    page.alias_of = make_article(site, "Its source").page_ptr
    page.save()


HIDING = [
    hide_by_draft,
    hide_by_restriction,
    hide_by_restriction_above,
    hide_by_being_unlisted,
    hide_by_language,
    hide_by_being_an_alias,
]


@pytest.mark.parametrize("hide", HIDING)
def test_what_is_not_public_is_in_no_list_no_search_and_no_detail(client, site, hide):
    article = make_article(site, "Secretive")
    addresses = ["/api/v2/pages/?limit=50", ARTICLES, "/api/v2/pages/?search=secretive", f"{ARTICLES}&search=secretive"]
    addresses.append("/api/v2/pages/?type=news.ArticlePage,home.HomePage&limit=50")
    assert all("Secretive" in listed(client, address) for address in addresses)
    hide(site, article)
    for address in addresses:
        assert "Secretive" not in listed(client, address)
    for shape in ("pages/{}/", "images/{}/", "documents/{}/"):
        response = client.get(f"/api/v2/{shape.format(article.pk)}")
        assert response.status_code == 404
        assert "message" in response.json()
    for name in ("child_of", "descendant_of", "ancestor_of", "translation_of"):
        assert client.get(f"/api/v2/pages/?{name}={article.pk}").status_code == 400


def test_nothing_private_shows_through_a_public_page(client, site):
    blocks = every_block(site)
    target = site.news["en"].get_children().get(title="Linked 0")
    image, document = make_image("Hidden lead"), make_document("Hidden paper", "hidden-paper.pdf")
    blocks.append({"type": "document", "value": {"document": document.pk, "title": ""}})
    link = f'<p><a linktype="document" id="{document.pk}">x</a><embed embedtype="image" id="{image.pk}" alt="y"/></p>'
    blocks.append({"type": "paragraph", "value": link})
    article = make_article(site, "Response", body=body_of(blocks), lead_image=image, lead_image_alt="A harbour")
    before = json.dumps(detail(client, article))
    assert all(word in before for word in ("/news/linked-0/", "hidden-paper", "Hidden lead", "A harbour"))
    assert "embed" not in before
    restrict(target)
    move_to(closed_collection(), image, document)
    shown = detail(client, article)
    after = json.dumps(shown)
    assert not [word for word in ("/news/linked-0/", "hidden", "Hidden", "A harbour") if word in after]
    assert shown["lead_image"] is None
    assert shown["body"][-1]["value"] == "<p><a>x</a></p>"
    assert {"page": None, "url": "", "label": ""} in next(
        block["value"]["links"] for block in shown["body"] if block["type"] == "link_list"
    )


def test_an_unlisted_article_is_linked_where_a_page_links_it(client, site):
    unlisted = make_article(site, "Unlisted", is_unlisted=True)
    action = {"text": "", "page": unlisted.pk, "url": "", "label": "Read on"}
    article = make_article(site, "Response", body=body_of([{"type": "call_to_action", "value": action}]))
    [block] = client.get(f"/api/v2/pages/{article.pk}/").json()["body"]
    assert block["value"]["page"]["html_url"].endswith("/news/unlisted/")
    assert 'href="/news/unlisted/"' in client.get("/news/response/").content.decode()
    assert client.get(f"/api/v2/pages/{unlisted.pk}/").status_code == 404


def test_a_picture_whose_rights_have_ended_is_nowhere(client, site):
    image = make_image("Lead")
    other = make_image("Ours", colour=(1, 2, 3))
    figures = [
        {"image": pk, "alt_text": "x", "caption": "A minister", "credit": "Agency"} for pk in (image.pk, other.pk)
    ]
    gallery = {"type": "gallery", "value": {"title": "", "images": figures}}
    body = body_of([{"type": "image", "value": figures[0]}, gallery])
    article = make_article(site, "Response", lead_image=image, lead_image_alt="x", body=body)
    assert set(listed(client, "/api/v2/images/")) == {"Lead", "Ours"}
    assert json.dumps(detail(client, article)).count("A minister") == 3
    expire(image)
    assert listed(client, "/api/v2/images/") == ["Ours"]
    assert client.get(f"/api/v2/images/{image.pk}/").status_code == 404
    shown = detail(client, article)
    assert shown["lead_image"] is None
    assert [figure["image"]["id"] for figure in shown["body"][0]["value"]["images"]] == [other.pk]
    assert json.dumps(shown).count("A minister") == json.dumps(shown).count("Agency") == 1


def test_files_of_closed_collections_are_in_no_list_no_search_and_no_detail(client, site):
    image, document = make_image("Harbour"), make_document("Harbour plan")
    addresses = [f"/api/v2/{kind}/{query}" for kind in ("images", "documents") for query in ("", "?search=harbour")]
    assert all(len(listed(client, address)) == 1 for address in addresses)
    move_to(closed_collection(), image, document)
    assert not any(listed(client, address) for address in addresses)
    assert client.get(f"/api/v2/images/{image.pk}/").status_code == 404
    assert client.get(f"/api/v2/documents/{document.pk}/").status_code == 404


def test_a_collection_that_moves_below_a_closed_one_is_closed_at_once(client, site):
    document, open_one = make_document(), Collection.get_first_root_node().add_child(name="Open")
    move_to(open_one, document)
    closed = closed_collection().get_parent()
    assert listed(client, "/api/v2/documents/") == ["Full response"]
    Collection.objects.get(pk=open_one.pk).move(closed, "sorted-child")
    assert listed(client, "/api/v2/documents/") == []


def test_no_original_and_nothing_internal_is_given(client, site):
    image = make_image("Lead")
    image.rights = "Agreement 12"
    image.save()
    document = make_document()
    article = make_article(site, "Response", lead_image=image, lead_image_alt="x", body=body_of(every_block(site)))
    for address in (f"/api/v2/images/{image.pk}/", "/api/v2/images/?fields=*", f"/api/v2/pages/{article.pk}/"):
        text = client.get(address).content.decode()
        assert "original" not in text
        assert "Agreement" not in text
        assert image.file.name not in text
    shown = client.get(f"/api/v2/documents/{document.pk}/").json()
    assert client.get(shown["meta"]["download_url"].removeprefix(settings.PUBLIC_URL)).status_code == 200
    assert set(shown) == {"id", "meta", "title", "locale", "file_type", "file_size", "credit"}
    url = client.get(f"/api/v2/images/{image.pk}/").json()["files"]["card"]["url"]
    assert client.get(url.removeprefix(settings.PUBLIC_URL)).status_code == 200


@pytest.mark.parametrize("hide", [lambda image: move_to(closed_collection(), image), expire])
def test_a_picture_in_any_field_of_a_page_is_shown_whole_or_not_at_all(client, site, monkeypatch, hide):
    monkeypatch.setattr(ArticlePage, "api_fields", [*ArticlePage.api_fields, "social_image"])
    image = make_image("For sharing")
    article = make_article(site, "Response", social_image=image)
    shown = detail(client, article)["social_image"]
    assert (shown["title"], set(shown["files"]) > {"card"}) == ("For sharing", True)
    hide(image)
    assert detail(client, article)["social_image"] is None


def test_rows_of_a_page_are_not_written_without_a_serializer_of_their_own(client, site, monkeypatch):
    monkeypatch.setattr(ArticlePage, "api_fields", [*ArticlePage.api_fields, "article_topics"])
    article = make_article(site, "Response")
    with pytest.raises(ImproperlyConfigured, match="article_topics"):
        client.get(f"/api/v2/pages/{article.pk}/")
