"""The site map: exactly what readers can have, with all translations of it, in files of a bounded size."""

import re
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from core import sitemap
from delivery.page_cache import answers
from tests.factories import make_article
from tests.pages import hreflang_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NAMES = {"s": sitemap.NAMESPACE, "xhtml": "http://www.w3.org/1999/xhtml"}


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    assert response["Cache-Control"] == "public, no-cache"
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own output


def files(client):
    return [
        loc.text.removeprefix(settings.PUBLIC_URL) for loc in read(client, "/sitemap.xml").iterfind(".//s:loc", NAMES)
    ]


def listed(client, address):
    return [loc.text.removeprefix(settings.PUBLIC_URL) for loc in read(client, address).iterfind("s:url/s:loc", NAMES)]


def test_index_leads_to_a_file_for_each_language(client, site):
    assert files(client) == ["/sitemap-en-1.xml", "/sitemap-cy-1.xml", "/sitemap-ar-1.xml"]
    assert listed(client, "/sitemap-en-1.xml") == ["/", "/news/", "/contact/"]
    assert listed(client, "/sitemap-cy-1.xml") == ["/cy/", "/cy/newyddion/", "/cy/cysylltu/"]
    assert listed(client, "/sitemap-ar-1.xml")[1] == quote("/ar/أخبار/")


def test_entries_have_date_and_the_same_translations_as_the_page(client, site):
    english = make_article(site, "Q&A")
    make_article(site, "Cwestiwn", language="cy", translation_key=english.translation_key)
    make_article(site, "Alone")
    entries = {
        entry.findtext("s:loc", namespaces=NAMES): entry
        for entry in read(client, "/sitemap-en-1.xml").iterfind("s:url", NAMES)
    }
    for entry in entries.values():
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.findtext("s:lastmod", namespaces=NAMES))
    entry = entries[f"{settings.PUBLIC_URL}/news/qa/"]
    links = {link.get("hreflang"): link.get("href") for link in entry.iterfind("xhtml:link", NAMES)}
    page = hreflang_of(client.get("/news/qa/"))
    assert links == {code: f"{settings.PUBLIC_URL}{address}" for code, address in page.items()}
    assert set(links) == {"en", "cy", "x-default"}
    assert not entries[f"{settings.PUBLIC_URL}/news/alone/"].findall("xhtml:link", NAMES)


def test_what_is_draft_private_unlisted_or_an_alias_is_left_out(client, site):
    make_article(site, "Draft", live=False)
    make_article(site, "Quiet", is_unlisted=True)
    secret = make_article(site, "Secret")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    article = make_article(site, "Open")
    article.create_alias(update_slug="again")
    article.copy_for_translation(site.homes["cy"].locale, alias=True)
    assert listed(client, "/sitemap-en-1.xml") == ["/", "/news/", "/contact/", "/news/open/"]
    assert "/cy/newyddion/open/" not in listed(client, "/sitemap-cy-1.xml")
    PageViewRestriction.objects.create(page=site.news["en"], restriction_type="login")
    assert listed(client, "/sitemap-en-1.xml") == ["/", "/contact/"]


def test_languages_and_files_that_do_not_exist_are_not_found(client, site):
    site.homes["ar"].unpublish()
    assert files(client) == ["/sitemap-en-1.xml", "/sitemap-cy-1.xml"]
    for name in ("ar-1", "en-2", "en-0", "en-999999", "de-1"):
        assert client.get(f"/sitemap-{name}.xml").status_code == 404
    assert "ar" not in ElementTree.tostring(read(client, "/sitemap-en-1.xml")).decode().split("hreflang")[1]


def test_files_are_bounded_and_their_queries_do_not_grow(client, site, monkeypatch):
    monkeypatch.setattr(sitemap, "ADDRESSES_PER_FILE", 4)
    counts = []
    for number in range(10):
        make_article(site, f"Article {number}")
    assert files(client)[:4] == [f"/sitemap-en-{number}.xml" for number in (1, 2, 3, 4)]
    found = [listed(client, f"/sitemap-en-{number}.xml") for number in (1, 2, 3, 4)]
    assert [len(addresses) for addresses in found] == [4, 4, 4, 1]
    assert len({address for addresses in found for address in addresses}) == 13
    for size in (1, 4):
        monkeypatch.setattr(sitemap, "ADDRESSES_PER_FILE", size)
        with CaptureQueriesContext(connection) as queries:
            client.get("/sitemap-en-1.xml")
        counts.append(len(queries))
    assert counts == [3, 3]


def test_a_full_file_is_small_enough_to_be_kept(client, site):
    """Of five languages, with long slugs in letters that take six signs each in an address."""
    english = make_article(site, "Response")
    make_article(site, "Rd", language="ar", slug="ا" * 60, translation_key=english.translation_key)
    entry = client.get("/sitemap-ar-1.xml").content.decode().split("<url>")[-1]
    link = max(re.findall(r"<xhtml:link[^>]*>", entry), key=len)
    assert (len(entry) + 3 * len(link)) * sitemap.ADDRESSES_PER_FILE < answers.LARGEST_KEPT
