"""The public API shows what readers see, and can be asked for a part of it."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from contact.models import ContactPage
from portal.api import endpoints
from tests.api import ARTICLES, detail, listed, restrict
from tests.factories import body_of, every_block, make_article, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_newcomer_finds_the_three_lists_and_goes_on_by_their_addresses(client, site):
    make_article(site, "Response")
    start = client.get("/api/v2/").json()
    assert start == {kind: f"{settings.PUBLIC_URL}/api/v2/{kind}/" for kind in ("pages", "images", "documents")}
    item = client.get(ARTICLES).json()["items"][0]
    assert item["meta"]["html_url"] == f"{settings.PUBLIC_URL}/news/response/"
    address = item["meta"]["detail_url"].removeprefix(settings.PUBLIC_URL)
    assert client.get(address).json()["title"] == "Response"
    assert client.get("/api/v2/pages").headers["Location"] == "/api/v2/pages/"


def test_an_article_comes_with_everything_that_its_page_shows(client, site):
    image = make_image("Lead")
    article = make_article(
        site,
        "Response",
        body=body_of(every_block(site)),
        lead_image=image,
        lead_image_alt="A harbour",
        notes_to_editors="<p>A note</p>",
    )
    shown = detail(client, article)
    assert shown["summary"] == "What it says in short."
    assert shown["kind"] == {
        "name": "Statement",
        "slug": "statement",
        "html_url": f"{settings.PUBLIC_URL}/news/kinds/statement/",
    }
    assert shown["topics"][0]["html_url"] == f"{settings.PUBLIC_URL}/news/topics/policy/"
    assert shown["authors"][0]["slug"] == "secretariat"
    assert shown["lead_image"]["alt"] == "A harbour"
    assert set(shown["lead_image"]["files"]) == {"lead", "card", "body", "gallery", "portrait"}
    assert shown["reading_minutes"] >= 1
    assert shown["published_on"].startswith(str(timezone.localdate()))
    assert shown["notes_to_editors"] == "<p>A note</p>"
    assert shown["meta"]["parent"]["title"] == "News"
    assert [block["type"] for block in shown["body"]] == [item["type"] for item in article.body.raw_data]


def test_a_body_has_what_it_refers_to_in_the_place_of_ids(client, site):
    blocks = every_block(site)
    shown = detail(client, make_article(site, "Response", body=body_of(blocks)))
    by_type = {block["type"]: block["value"] for block in shown["body"]}
    page, document = f"{settings.PUBLIC_URL}/news/linked-0/", f"{settings.PUBLIC_URL}/documents/"
    assert by_type["call_to_action"]["page"]["html_url"] == page
    assert by_type["link_list"]["links"][0]["page"]["title"] == "Linked 0"
    assert by_type["document"]["document"]["download_url"].startswith(document)
    assert by_type["image"]["image"]["files"]["body"]["url"].startswith(f"{settings.PUBLIC_URL}/media/images/")
    assert by_type["media"]["poster"]["title"] == "Picture 0"
    cells = by_type["table"]["table"]["rows"][0]
    for words in (by_type["paragraph"], by_type["footnotes"]["notes"][0], by_type["questions"]["items"][0]["answer"]):
        assert f'<a href="{page}">' in words
        assert f'<a href="{document}' in words
        assert words == cells[1]
    assert "linktype" not in json.dumps(shown)


def test_every_kind_of_page_can_be_read(client, site):
    pages = [site.home, site.news["en"], site.contact["en"]]
    for page in pages:
        assert detail(client, page)["summary"] == page.specific.summary
    assert detail(client, site.home)["meta"]["parent"] is None


@pytest.mark.parametrize("name", ["kind", "topics", "authors", "lead_image"])
def test_another_page_type_may_use_the_name_of_a_field_of_articles(client, site, monkeypatch, name):
    monkeypatch.setattr(ContactPage, "api_fields", [*ContactPage.api_fields, name])
    monkeypatch.setattr(ContactPage, name, "its own", raising=False)
    assert detail(client, site.contact["en"])[name] == "its own"


def test_translations_and_links_are_those_that_readers_can_reach(client, site):
    english, welsh = make_article(site, "Response"), make_article(site, "Ymateb", language="cy")
    arabic = make_article(site, "Radd", language="ar")
    for page in (welsh, arabic):
        page.translation_key = english.translation_key
        page.save()
    expected = {"id": welsh.pk, "locale": "cy", "html_url": f"{settings.PUBLIC_URL}/cy/newyddion/ymateb/"}
    assert [found["locale"] for found in detail(client, english)["meta"]["translations"]] == ["cy", "ar"]
    restrict(arabic)
    assert detail(client, english)["meta"]["translations"] == [expected]
    linking = body_of([{"type": "paragraph", "value": f'<p><a linktype="page" id="{english.pk}">x</a></p>'}])
    here = detail(client, make_article(site, "Dolen", language="cy", body=linking))
    assert here["body"][0]["value"] == f'<p><a href="{expected["html_url"]}">x</a></p>'
    assert here["topics"][0]["name"] == "Polisi"


def test_lists_are_narrowed_sorted_and_cut(client, site):
    now = timezone.now()
    for number, title in enumerate(["Alpha", "Beta", "Gamma"]):
        make_article(site, title, published_on=now - timedelta(days=number), topics=[] if number else None)
    welsh = make_article(site, "Ymateb", language="cy", authors=[])
    alpha, news = site.news["en"].get_children().get(title="Alpha"), site.news["en"]
    english = f"{ARTICLES}&locale=en&order="
    assert listed(client, f"{english}-published_on") == ["Alpha", "Beta", "Gamma"]
    assert listed(client, f"{english}published_on&limit=1&offset=1") == ["Beta"]
    assert listed(client, f"{english}-title&limit=0") == []
    assert client.get(f"{english}title&limit=1").json()["meta"]["total_count"] == 3
    assert listed(client, f"{ARTICLES}&locale=cy") == ["Ymateb"]
    assert listed(client, f"{ARTICLES}&author=secretariat&order=-title") == ["Gamma", "Beta", "Alpha"]
    assert listed(client, f"{ARTICLES}&topic=policy") == listed(client, f"{ARTICLES}&topic=polisi")
    assert listed(client, f"{ARTICLES}&topic=policy&order=title") == ["Alpha", "Ymateb"]
    assert listed(client, f"{ARTICLES}&kind=none") == []
    assert listed(client, "/api/v2/pages/?slug=beta") == listed(client, "/api/v2/pages/?title=Beta") == ["Beta"]
    assert listed(client, f"/api/v2/pages/?child_of={news.pk}&order=title") == ["Alpha", "Beta", "Gamma"]
    assert "Alpha" in listed(client, "/api/v2/pages/?descendant_of=root&search=alpha")
    assert listed(client, "/api/v2/pages/?child_of=root&order=title") == ["Contact", "News"]
    assert listed(client, f"/api/v2/pages/?ancestor_of={alpha.pk}&type=news.NewsIndexPage") == ["News"]
    welsh.translation_key = alpha.translation_key
    welsh.save()
    assert listed(client, f"/api/v2/pages/?translation_of={alpha.pk}") == ["Ymateb"]


def test_fields_are_chosen(client, site):
    article = make_article(site, "Response")
    assert client.get(f"{ARTICLES}&fields=_,title,kind").json()["items"] == [
        {"title": "Response", "kind": detail(client, article)["kind"]}
    ]
    every = client.get(f"{ARTICLES}&fields=*").json()["items"][0]
    assert {"summary", "body", "topics", "lead_image", "press_contact"} <= set(every)
    assert set(client.get(f"/api/v2/pages/{article.pk}/?fields=_,summary").json()) == {"summary"}


def test_search_takes_all_words_or_any(client, site):
    make_article(site, "Trial of units", published_on=timezone.now() - timedelta(days=1))
    make_article(site, "Trial of methods")
    assert listed(client, "/api/v2/pages/?search=trial units") == ["Trial of units"]
    assert len(listed(client, "/api/v2/pages/?search=trial units&search_operator=or")) == 2
    assert listed(client, f"{ARTICLES}&search=trial&order=-published_on") == ["Trial of methods", "Trial of units"]
    assert listed(client, f"{ARTICLES}&search=trial&order=slug") == ["Trial of methods", "Trial of units"]
    assert listed(client, "/api/v2/pages/?search=%22") == []


def test_a_search_that_finds_very_much_gives_the_best_and_of_equals_the_newest(client, site, monkeypatch):
    monkeypatch.setattr(endpoints, "MAX_FOUND", 2)
    for number in range(3):
        make_article(site, f"Trial {number}")
    found = client.get("/api/v2/pages/?search=trial").json()
    assert [item["title"] for item in found["items"]] == ["Trial 2", "Trial 1"]
    assert found["meta"]["total_count"] == 2
    assert listed(client, f"{ARTICLES}&search=trial&order=title") == ["Trial 1", "Trial 2"]
