"""Public text goes out compressed, private text and files as they are."""

import gzip

import brotli
import pytest

from core.models import Furniture
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_a_browser_gets_the_coding_that_it_prefers(client, site):
    plain = client.get("/news/")
    assert not plain.has_header("Content-Encoding")
    assert "Accept-Encoding" in plain["Vary"]
    for accepted, coding, unpacked in (
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("gzip;q=1.0", "gzip", gzip.decompress),
    ):
        packed = client.get("/news/", headers={"Accept-Encoding": accepted})
        assert packed["Content-Encoding"] == coding
        assert unpacked(packed.content) == plain.content
        assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    for accepted in ("", "identity", "gzip;q=0, br;q=0.0", "compress"):
        assert not client.get("/news/", headers={"Accept-Encoding": accepted}).has_header("Content-Encoding"), accepted


@pytest.mark.parametrize("address", ["/news/feed/", "/news/json/", "/sitemap-en-1.xml", "/api/v2/pages/"])
def test_what_programs_read_is_compressed_too(client, site, address):
    make_article(site)
    assert client.get(address, headers={"Accept-Encoding": "br"})["Content-Encoding"] == "br"


def test_a_compressed_answer_is_known_again(client, site):
    make_article(site)
    first = client.get("/news/feed/", headers={"Accept-Encoding": "br"})
    assert first["ETag"].startswith('W/"')
    again = client.get("/news/feed/", headers={"Accept-Encoding": "br", "If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "Accept-Encoding" in again["Vary"]


def test_what_a_session_sees_is_not_compressed(admin_client, site):
    for address in ("/", "/admin/"):
        assert not admin_client.get(address, headers={"Accept-Encoding": "br"}).has_header("Content-Encoding")


def test_templates_lose_their_indentation_and_words_do_not(client, site):
    Furniture.objects.filter(locale__language_code="en").update(organisation_name="Two  spaces")
    html = client.get("/").content.decode()
    assert "\n    <" not in html
    assert "Two  spaces" in html


def test_a_form_brings_back_a_message_with_its_own_spaces(client, site):
    sent = {"kind": "message", "email": "", "message": "One\n    two"}
    answer = client.post("/enquiries/", sent, headers={"Origin": "http://localhost"})
    assert "One\n    two" in answer.content.decode()
