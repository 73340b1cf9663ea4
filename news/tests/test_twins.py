"""Articles as Markdown and as references; the guide for language models, the rules for robots, security.txt."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import timezone
from wagtail.models import PageViewRestriction

from contact.models import ContactPage
from core.models import Robots
from tests.factories import body_of, downloads_of, every_block, make_article, make_document
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
NAMES = {"loc": "http://www.sitemaps.org/schemas/sitemap/0.9", "title": NEWS, "language": NEWS}
ADDRESS = f"{settings.PUBLIC_URL}/news/our-response/"


@pytest.fixture
def article(site):
    day = timezone.make_aware(timezone.datetime(2026, 8, 27, 9, 30))
    return make_article(site, "Our response", body=body_of(every_block(site)), published_on=day)


def test_an_article_has_its_markdown_twin(client, article):
    page = soup_of(client.get("/news/our-response/"))
    twin = page.head.find("link", type="text/markdown")["href"]
    assert twin == "/news/our-response.md"
    response = client.get(twin)
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Link"] == f'<{ADDRESS}>; rel="canonical"'
    text = response.content.decode()
    assert text.startswith(
        "# Our response\n\n> What it says in short.\n\n- Published: 27 August 2026\n- By: Secretariat\n"
    )
    for line in ("## A section", "### Part of it", "- One", "> It is so.", "### Why?", "| Nation | Units |"):
        assert f"\n{line}" in text, line
    assert f"]({settings.PUBLIC_URL}/news/linked-0/)" in text
    assert "<div" not in text and "class=" not in text


def test_a_twin_is_in_the_language_of_its_page(client, site):
    make_article(site, "Ein hymateb", "cy")
    text = client.get("/cy/newyddion/ein-hymateb.md").content.decode()
    assert text.startswith("# Ein hymateb\n")
    assert "Cyhoeddwyd" in text


def test_words_are_no_markdown(client, site):
    make_article(site, "A *bold* [claim](x) # one <b>", slug="claim", summary="_so_ `it` is")
    text = client.get("/news/claim.md").content.decode()
    assert text.startswith("# A \\*bold\\* \\[claim\\](x) \\# one \\<b\\>\n\n> \\_so\\_ \\`it\\` is\n")


def test_words_of_the_text_are_no_markdown_either(client, site):
    words = "<p>Type &lt;script&gt; or [x](y).</p><p># one</p><p>1. two</p>"
    make_article(site, "Signs", body=body_of([{"type": "paragraph", "value": words}]))
    text = client.get("/news/signs.md").content.decode()
    for sign in ("<script>", "\n# one", "\n1. two", "[x](y)"):
        assert sign not in text


def test_bibtex_and_ris_are_complete(client, article):
    bibtex = client.get("/news/our-response.bib").content.decode()
    assert bibtex.startswith("@misc{secretariat2026our-response,\n")
    for field in ("author = {{Secretariat}}", "title = {{Our response}}", "year = {2026}", "month = aug", "day = {27}"):
        assert field in bibtex
    assert f"url = {{{ADDRESS}}}" in bibtex
    record = client.get("/news/our-response.ris").content.decode().split("\r\n")
    assert record[0] == "TY  - ELEC"
    for line in ("TI  - Our response", "AU  - Secretariat", "PY  - 2026", "DA  - 2026/08/27", f"UR  - {ADDRESS}"):
        assert line in record
    assert record[-2:] == ["ER  - ", ""]


def test_references_keep_signs_from_meaning_something(client, site):
    make_article(site, "50% & {more}: a_b #1 ~ \\x", slug="signs", summary="One\nTY  - two", authors=[])
    bibtex = client.get("/news/signs.bib").content.decode()
    assert r"{50\% \& \{more\}: a\_b \#1 \textasciitilde{} \textbackslash{}x}" in bibtex
    record = client.get("/news/signs.ris").content.decode()
    assert len(re.findall("^TY  - ", record, re.M)) == 1


def test_a_video_is_a_link_in_words(client, site):
    film = {"title": "Film", "url": "https://vimeo.com/100000001", "poster": None, "transcript": "<p>Words.</p>"}
    make_article(site, "With film", body=body_of([{"type": "media", "value": film | {"file": None}}]))
    text = client.get("/news/with-film.md").content.decode()
    assert "[Play the video](https://vimeo.com/100000001)" in text
    assert "Nothing is loaded" not in text


def test_markdown_offers_what_is_to_be_downloaded(client, site):
    document = make_document()
    make_article(site, "Our response", downloads=downloads_of(document))
    text = client.get("/news/our-response.md").content.decode()
    assert f"## Downloads\n\n- [Full response]({settings.PUBLIC_URL}{document.url})\n" in text
    assert client.get("/news/our-response/").content.decode().count(document.url) == 1


@pytest.mark.parametrize("form", ["md", "bib", "ris"])
def test_what_is_not_public_has_no_twin(client, site, article, form):
    draft = make_article(site, "A draft", live=False)
    PageViewRestriction.objects.create(page=article, restriction_type="password", password="x")
    for slug in ("our-response", draft.slug, "nothing"):
        assert client.get(f"/news/{slug}.{form}").status_code == 404
    assert client.get(f"/news.{form}").status_code == 404
    assert client.get(f"/news/topics/policy.{form}").status_code == 404
    assert client.get(f"/news/our-response.{form}x", follow=True).status_code == 404


def test_an_article_offers_its_references(client, article):
    page = soup_of(client.get("/news/our-response/"))
    links = {link["href"] for link in page.select(".use a")}
    assert {"/news/our-response.bib", "/news/our-response.ris"} <= links
    citation = page.select_one(".citation").get_text(" ", strip=True)
    assert re.sub(r"\s+", " ", citation) == f"Secretariat. Our response . Portal, 27 August 2026. {ADDRESS}"


def test_robots_are_told_the_rules_and_the_site_maps(client, site):
    text = client.get("/robots.txt").content.decode()
    assert "User-agent: *\nDisallow: /admin/\n" in text
    assert f"\nSitemap: {settings.PUBLIC_URL}/sitemap.xml\n" in text
    assert f"\nSitemap: {settings.PUBLIC_URL}/sitemap-news.xml\n" in text


def test_who_found_a_weakness_is_told_where_to_report_it(client, site):
    response = client.get("/.well-known/security.txt")
    said = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    contacts = [value for name, value in said if name == "Contact"]
    assert contacts[0] == f"{settings.PUBLIC_URL}/contact/"
    assert all(client.get(address.removeprefix(settings.PUBLIC_URL)).status_code == 200 for address in contacts)
    rest = dict(said)
    assert datetime.fromisoformat(rest["Expires"]) > timezone.now() + timedelta(days=7)
    assert rest["Preferred-Languages"] == "en, cy, ar"
    assert client.get(rest["Canonical"].removeprefix(settings.PUBLIC_URL)).status_code == 200
    for page in ContactPage.objects.all():
        page.unpublish()
    assert client.get("/.well-known/security.txt").status_code == 404


def test_the_rules_are_changed_in_the_admin(admin_client, client, site):
    address = "/admin/settings/core/robots/"
    page = admin_client.get(address, follow=True)
    assert page.status_code == 200
    saved = admin_client.post(page.redirect_chain[-1][0], {"rules": "User-agent: GPTBot\nDisallow: /\n"}, follow=True)
    assert saved.status_code == 200
    assert "User-agent: GPTBot\nDisallow: /\n\nSitemap" in client.get("/robots.txt").content.decode().replace("\r", "")
    refused = admin_client.post(page.redirect_chain[-1][0], {"rules": "User-agent: *\nplease go away"})
    assert "Line 2 is no rule" in refused.content.decode()
    assert Robots.objects.get().rules.startswith("User-agent: GPTBot")


def test_language_models_are_given_a_guide(client, site, article):
    make_article(site, "Hidden", is_unlisted=True)
    text = client.get("/llms.txt").content.decode()
    assert text.startswith("# Portal\n")
    assert f"- [Our response]({settings.PUBLIC_URL}/news/our-response.md): What it says in short." in text
    assert f"]({settings.PUBLIC_URL}/cy/llms.txt)" in text
    assert "Hidden" not in text
    for address in re.findall(r"\]\(([^)]+)\)", text):
        assert client.get(address.removeprefix(settings.PUBLIC_URL)).status_code == 200, address
    assert client.get("/cy/llms.txt").content.decode().startswith("# Portal cy\n")
    assert client.get("/zz/llms.txt", follow=True).status_code == 404


def test_the_news_site_map_lists_the_last_two_days(client, site):
    now = timezone.now()
    make_article(site, "Fresh & <new>\x0b", slug="fresh")
    make_article(site, "Ffres", "cy")
    make_article(site, "Old", published_on=now - timezone.timedelta(days=3))
    make_article(site, "To come", published_on=now + timezone.timedelta(hours=1))
    made = ElementTree.fromstring(client.get("/sitemap-news.xml").content)  # noqa: S314 - our own answer
    words = {name: [item.text for item in made.iter(f"{{{space}}}{name}")] for name, space in NAMES.items()}
    assert words["loc"] == [
        f"{settings.PUBLIC_URL}/cy/newyddion/ffres/",
        f"{settings.PUBLIC_URL}/news/fresh/",
    ]
    assert words["title"] == ["Ffres", "Fresh & <new> "]
    assert words["language"] == ["cy", "en"]
