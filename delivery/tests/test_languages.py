"""The language of every answer is that of its words, and a language without a front page does not exist."""

from contextlib import contextmanager
from xml.etree import ElementTree

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import PageViewRestriction

from delivery import generation
from tests.factories import make_article
from tests.pages import language_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DIRECTIONS = {"en": "ltr", "cy": "ltr", "ar": "rtl"}
LANGUAGES = list(DIRECTIONS)


def address_of(name, language, args=()):
    with override(language):
        return reverse(name, args=args)


def assert_speaks(response, language, status=200):
    assert response.status_code == status
    assert language_of(response) == (language, DIRECTIONS[language])
    assert response["Content-Language"] == language


@contextmanager
def database_down():
    def refuse(execute, sql, params, many, context):
        raise OperationalError("the database is down")

    generation.forget()
    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "newyddion/",
        "newyddion/erthygl/",
        "search/",
        "search/?q=x",
        "enquiries/",
        "enquiries/abc/",
        "_util/login/",
        "admin/",
        "sitemap.xml/",
        "anything/",
    ],
)
def test_language_with_a_draft_front_page_is_not_found_in_the_default_language(client, site, rest):
    make_article(site, "Erthygl", language="cy")
    site.homes["cy"].unpublish()
    assert_speaks(client.get(f"/cy/{rest}"), "en", 404)


def test_post_to_a_language_that_does_not_exist_stores_nothing(client, site):
    from contact.models import Enquiry

    site.homes["cy"].unpublish()
    data = {"kind": "message", "name": "A", "email": "a@example.org", "message": "Hello"}
    response = client.post("/cy/enquiries/", data, headers={"origin": "http://localhost"})
    assert response.status_code == 404
    assert not Enquiry.objects.exists()


def test_language_without_a_front_page_is_linked_nowhere(client, site):
    site.homes["cy"].unpublish()
    for address in ("/", "/news/", "/search/", "/ar/", "/nowhere/"):
        assert b"/cy/" not in client.get(address).content
    assert b"-cy-" not in client.get("/sitemap.xml").content
    assert client.get("/sitemap-cy-1.xml").status_code == 404


def test_admin_and_media_ask_for_no_language(client, site):
    name = default_storage.save("images/picture.jpg", ContentFile(b"0123456789"))
    with database_down():
        assert client.get(f"/media/{name}").status_code == 200
        assert client.get("/favicon.ico").status_code == 301
    site.homes["en"].unpublish()
    assert client.get("/admin/login/").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_search_and_errors_speak_the_language_of_their_address(client, site, language):
    make_article(site, "Article", language=language)
    news = address_of("wagtail_serve", language, [f"{site.news[language].slug}/"])
    contact = address_of("wagtail_serve", language, [f"{site.contact[language].slug}/"])
    search = address_of("search", language)
    for address in (address_of("wagtail_serve", language, [""]), news, f"{news}article/", contact, search):
        assert_speaks(client.get(address), language)
    assert_speaks(client.get(f"{search}?q=x"), language)
    assert_speaks(client.get(address_of("wagtail_serve", language, ["nowhere/"])), language, 404)
    assert_speaks(client.get(f"{news}2001/"), language, 404)


@pytest.mark.parametrize("language", LANGUAGES)
def test_landings_of_forms_speak_the_language_of_their_form(client, site, language):
    address = address_of("enquiry", language)
    data = {"kind": "message", "name": "A", "email": "a@example.org", "message": "Hello"}
    own = {"origin": "http://localhost"}
    assert_speaks(client.post(address, data | {"email": "no"}, headers=own), language, 422)
    assert_speaks(client.post(address, data), language)
    assert_speaks(client.post(address, data, headers={"origin": "https://elsewhere.example"}), language, 403)
    token = signing.dumps(["K7M2-9QPA", "message"], salt="thanks")
    assert_speaks(client.get(address_of("enquiry_thanks", language, [token])), language)
    assert client.post(address, data, headers=own)["Location"].startswith(address)


@pytest.mark.parametrize("language", LANGUAGES)
def test_password_page_speaks_the_language_of_its_page(client, site, language):
    article = make_article(site, "Secret", language=language)
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="password", password="sesame")
    response = client.get(address_of("wagtail_serve", language, [f"{site.news[language].slug}/secret/"]))
    assert_speaks(response, language)
    name = "wagtailcore_authenticate_with_password"
    address = address_of(name, language, [restriction.pk, article.pk])
    assert address in response.content.decode()
    assert_speaks(client.post(address, {"password": "wrong", "return_url": "/"}), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_feeds_name_the_language_of_their_articles(client, site, language):
    make_article(site, "Article", language=language)
    news = address_of("wagtail_serve", language, [f"{site.news[language].slug}/"])
    rss = ElementTree.fromstring(client.get(f"{news}feed/").content)  # noqa: S314 - our own output
    assert rss.findtext("channel/language") == language
    atom = ElementTree.fromstring(client.get(f"{news}atom/").content)  # noqa: S314 - our own output
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_database_that_is_down_gives_the_fault_page_in_the_language_of_the_address(client, site, language):
    client.raise_request_exception = False
    address = address_of("wagtail_serve", language, [""])
    with database_down():
        response = client.get(address)
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
    assert_speaks(response, language, 500)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_of_ours_speaks_the_language_of_the_address(client, site, language, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("delivery.routing.resolve", lambda request, path: 1 / 0)
    assert_speaks(client.get(address_of("wagtail_serve", language, [""])), language, 500)
