"""What is behind a password: kept by no cache, given to nobody without it, asked for in the reader's language."""

import pytest
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, Locale, PageViewRestriction

from tests.factories import make_article, make_document

pytestmark = pytest.mark.django_db
DATA = b"%PDF-1.4 of the board"
PARTS = [{}, {"range": "bytes=0-3"}, {"range": "bytes=0-"}, {"range": "bytes=900-"}]


@pytest.fixture
def paper(site):
    """A document of a collection with a password, which is "sesame"."""
    paper = make_document("Minutes", "minutes.pdf", DATA)
    paper.collection = board = Collection.get_first_root_node().add_child(name="Board")
    paper.save()
    CollectionViewRestriction.objects.create(collection=board, restriction_type="password", password="sesame")
    return paper


def address_of(paper):
    """Return where the password of a document is sent."""
    return f"/documents/authenticate_with_password/{paper.collection.view_restrictions.get().pk}/"


def send(client, address, password, **fields):
    return client.post(address, {"password": password, **fields})


def heading(response):
    return response.content.decode().split("<h1>")[1].split("</h1>")[0]


@pytest.mark.parametrize("headers", PARTS)
def test_a_closed_document_is_given_in_no_part_without_its_password(client, paper, headers):
    response = client.get(paper.url, headers=headers)
    assert 'type="password"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("headers", PARTS)
def test_a_closed_document_is_kept_by_no_cache(client, paper, headers):
    assert send(client, address_of(paper), "sesame", return_url=paper.url)["Location"] == paper.url
    response = client.get(paper.url, headers=headers)
    assert response.status_code in (200, 206, 416)
    assert response["Cache-Control"] == "private, no-store"
    known = client.get(paper.url, headers={"if-none-match": f'"{paper.file_hash}"'})
    assert (known.status_code, known["Cache-Control"]) == (304, "private, no-store")


@pytest.mark.parametrize("headers", PARTS)
def test_an_open_document_is_asked_for_anew_each_time(client, site, headers):
    assert client.get(make_document(content=DATA).url, headers=headers)["Cache-Control"] == "no-cache"


def test_a_wrong_password_of_a_document_is_told_in_our_look_and_kept_nowhere(client, paper):
    response = send(client, address_of(paper), "wrong", return_url=paper.url)
    html = response.content.decode()
    assert "<title>Error: Password required" in html
    assert "This document is for readers who have been given its password." in html
    assert 'class="error-summary"' in html
    assert f'value="{paper.url}"' in html
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_a_wrong_password_of_a_page_is_told_and_kept_nowhere(client, site):
    article = make_article(site, "Plan")
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="password", password="sesame")
    address = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, article.pk])
    response = send(client, address, "wrong", return_url=article.url)
    assert "<title>Error: Password required" in response.content.decode()
    assert "This page is for readers" in response.content.decode()
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert "<title>Password required" in client.get(article.url).content.decode()


WELSH, ENGLISH = "Mae angen cyfrinair", "Password required"


@pytest.mark.parametrize(
    ("before", "language", "shown"),
    [
        ("http://testserver/cy/newyddion/", "en", WELSH),
        ("http://testserver/news/", "cy", ENGLISH),
        ("", "cy", WELSH),
        ("https://elsewhere.example/ar/", "cy", WELSH),
        ("http://[", None, ENGLISH),
        ("http://testserver/de/", None, ENGLISH),
    ],
)
def test_a_documents_password_is_asked_for_in_the_language_of_the_page_before_else_its_own(
    client, paper, before, language, shown
):
    paper.language = Locale.objects.filter(language_code=language).first()
    paper.save()
    response = client.get(paper.url, headers={"referer": before})
    assert heading(response) == shown
    assert response["Content-Language"] == ("cy" if shown == WELSH else "en")
    action = response.content.decode().split('class="password" action="')[1].split('"')[0]
    assert action == ("/cy" if shown == WELSH else "") + address_of(paper)
    assert heading(send(client, action, "wrong", return_url=paper.url)) == shown
    assert send(client, action, "sesame", return_url=paper.url)["Location"] == paper.url


def test_a_language_without_a_front_page_asks_for_no_password(client, site, paper):
    home = site.home.get_translation(Locale.objects.get(language_code="cy"))
    home.live = False
    home.save()
    assert heading(client.get(paper.url, headers={"referer": "http://testserver/cy/newyddion/"})) == ENGLISH
