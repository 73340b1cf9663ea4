"""Furniture: what stands around every page, in every language."""

import re

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from core.models import Furniture
from tests.factories import make_article
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def furniture(site):
    return Furniture.objects.get(locale__language_code="en")


def test_words_are_shown_on_every_page(client, site, furniture):
    furniture.organisation_name, furniture.phone = "Trials & Network", "0113 496 0132"
    furniture.contact_title = "Talk to us"
    furniture.save()
    for address in ("/", "/news/", "/nowhere/", "/search/"):
        html = client.get(address).content.decode()
        assert "Trials &amp; Network" in html
    assert "0113 496 0132" in client.get("/").content.decode()
    assert "Portal cy" in client.get("/cy/").content.decode()


def test_notice_is_shown_while_it_is_on(client, site, furniture):
    furniture.notice_is_on, furniture.notice_title = True, "Office closed on Monday"
    furniture.save()
    assert "Office closed on Monday" in client.get("/").content.decode()
    furniture.notice_is_on = False
    furniture.save()
    assert "Office closed on Monday" not in client.get("/").content.decode()


def test_draft_furniture_is_not_shown(client, site, furniture):
    furniture.organisation_name = "Not yet"
    furniture.save_revision()
    assert "Not yet" not in client.get("/").content.decode()
    furniture.latest_revision.publish()
    assert "Not yet" in client.get("/").content.decode()


def test_navigation_follows_names_addresses_and_deletion(client, site, furniture):
    article = make_article(site, "Linked")
    furniture.header_links = furniture.header_links.stream_block.to_python(
        [{"type": "link", "value": {"page": article.pk, "url": "", "label": ""}}]
    )
    furniture.save()
    assert 'href="/news/linked/"' in client.get("/").content.decode()
    article.slug = "renamed"
    article.save()
    assert 'href="/news/renamed/"' in client.get("/").content.decode()
    article.delete()
    assert "renamed" not in client.get("/contact/").content.decode()


def test_a_language_has_one_furniture_and_a_notice_has_a_heading(site, furniture):
    second = Furniture(organisation_name="x", locale=Locale.objects.get(language_code="en"))
    with pytest.raises(ValidationError, match="already"):
        second.clean()
    furniture.notice_is_on, furniture.notice_title = True, ""
    with pytest.raises(ValidationError, match="heading"):
        furniture.clean()


def test_furniture_is_previewed_in_the_admin(admin_client, site, furniture):
    address = f"/admin/snippets/core/furniture/edit/{furniture.pk}/"
    assert admin_client.get(address).status_code == 200
    response = furniture.make_preview_request(original_request=None, preview_mode="")
    assert response.status_code == 200


def test_a_language_without_furniture_borrows_it_with_links_into_itself(client, site, furniture):
    Furniture.objects.exclude(pk=furniture.pk).delete()
    block = furniture.header_links.stream_block
    links = [{"page": site.news["en"].pk, "url": "", "label": label} for label in ("Our news", "")]
    for name in ("header_links", "footer_links"):
        setattr(furniture, name, block.to_python([{"type": "link", "value": link} for link in links]))
    furniture.save()
    soup = soup_of(client.get("/ar/"))
    for nav in soup.select(".main-nav, .site-footer nav"):
        found = [(link["href"], link.get("lang"), link.get("hreflang")) for link in nav.select("a")[:2]]
        assert found == [("/ar/أخبار/", "en", None), ("/ar/أخبار/", None, None)]


AROUND = ("notice_title", "notice_text", "organisation_name", "tagline", "footer_text")
NEWSLETTER = ("newsletter_title", "newsletter_text", "newsletter_note")
CONTACT = ("contact_title", "contact_text", "opening_hours")


@pytest.mark.parametrize(
    ("address", "shown"), [("", AROUND + CONTACT + NEWSLETTER), ("newsletter/", AROUND + NEWSLETTER)]
)
def test_borrowed_words_say_their_language(client, site, furniture, address, shown):
    for name in AROUND + CONTACT + NEWSLETTER:
        setattr(furniture, name, f"Words of {name}")
    furniture.notice_is_on, furniture.phone = True, "0113 496 0132"
    furniture.save()
    assert not soup_of(client.get(f"/{address}")).select('body [lang="en"]:not(.languages *)')
    Furniture.objects.exclude(pk=furniture.pk).delete()
    soup = soup_of(client.get(f"/ar/{address}"))
    for name in shown:
        said = soup.body.find_all(string=re.compile(f"Words of {name}"))
        assert said, name
        for words in said:
            around = words.find_parent(lang=True)
            assert (around["lang"], around["dir"]) == ("en", "ltr"), name


def test_the_interfaces_words_are_not_taken_for_borrowed_ones(client, site, furniture):
    Furniture.objects.exclude(pk=furniture.pk).delete()
    furniture.contact_title = furniture.newsletter_title = ""
    furniture.save()
    for address, headings in {"/ar/": "#enquiry-title, #newsletter-title", "/ar/newsletter/": "h1"}.items():
        for heading in soup_of(client.get(address)).select(headings):
            assert heading.find_parent(lang=True).name == "html"
            assert not heading.has_attr("lang")
