"""Public text goes out compressed, private text and files as they are; templates lose their indentation."""

import pytest

from core.models import Furniture
from tests.factories import make_article
from tests.front import Front

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0, br;q=0.0", "compress"])
def test_who_accepts_no_coding_gets_none(site, accepted):
    assert "Content-Encoding" not in Front().get("/news/", accept_encoding=accepted).headers


@pytest.mark.parametrize(
    ("accepted", "coding"), [("gzip, deflate, br, zstd", "br"), ("gzip, br;q=0", "gzip"), ("gzip;q=1.0", "gzip")]
)
def test_a_browser_gets_the_coding_that_it_prefers(site, accepted, coding):
    plain, packed = (Front().get("/news/", accept_encoding=value) for value in ("", accepted))
    assert packed.headers["Content-Encoding"] == coding
    assert len(packed.content) < len(plain.content) / 2


@pytest.mark.parametrize("address", ["/news/feed/", "/news/json/", "/sitemap-en-1.xml", "/api/v2/pages/"])
def test_what_programs_read_is_compressed_too(site, address):
    make_article(site)
    assert Front().get(address, accept_encoding="br").headers["Content-Encoding"] == "br"


def test_what_a_session_sees_is_not_compressed(admin_client, site):
    cookie = f"session={admin_client.cookies['session'].value}"
    for address in ("/", "/admin/"):
        assert "Content-Encoding" not in Front().get(address, accept_encoding="br", cookie=cookie).headers


def test_templates_lose_their_indentation_and_words_do_not(client, site):
    Furniture.objects.filter(locale__language_code="en").update(organisation_name="Two  spaces")
    html = client.get("/").content.decode()
    assert "\n    <" not in html
    assert "Two  spaces" in html


def test_a_form_brings_back_a_message_with_its_own_spaces(client, site):
    sent = {"kind": "message", "email": "", "message": "One\n    two"}
    answer = client.post("/enquiries/", sent, headers={"Origin": "http://localhost"})
    assert "One\n    two" in answer.content.decode()
