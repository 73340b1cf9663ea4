"""Feeds: whole texts, in every format and language, well-formed whatever is in them, and 304 while unchanged."""

import json
import math
from urllib.parse import unquote

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from core import portable
from core.models import Image
from delivery import due
from delivery.page_cache import answers
from tests.factories import body_of, downloads_of, every_block, make_article, make_document, make_image
from tests.front import Front
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FORMS = ("feed", "atom", "json")
DIFFICULT = [
    'AT&T <b>bold</b> & "quotes" &amp; &lt;entities&gt;',
    "Fish 🐟 and chips 👩‍👩‍👧 – a study",
    "استجابتنا للخطة الوطنية: 3 أسئلة",
    "A\x00bell\x07 and ]]> and <!-- a comment",
]


def parsed(response):
    """Return (title, entries) of a feed in any format, entries as dicts with title, link, html and updated."""
    assert response.status_code == 200
    if "json" in response["Content-Type"]:
        made = json.loads(response.content)
        return made["title"], [
            {"title": item["title"], "link": item["url"], "html": item["content_html"], "tags": item.get("tags", [])}
            for item in made["items"]
        ]
    made = feedparser.parse(response.content, sanitize_html=False, resolve_relative_uris=False)
    assert not made.bozo, made.get("bozo_exception")
    return made.feed.title, [
        {
            "title": entry.title,
            "link": entry.link,
            "html": entry.content[0].value if "content" in entry else "",
            "tags": [tag.term for tag in entry.get("tags", [])],
        }
        for entry in made.entries
    ]


@pytest.fixture
def article(site):
    """An article with every block, a picture and an update."""
    image = make_image("Harbour")
    article = make_article(
        site,
        "Our response",
        body=body_of(every_block(site)),
        lead_image=image,
        lead_image_alt="Boats in a harbour",
        updated_on=timezone.now() + timezone.timedelta(minutes=1),
        notes_to_editors="<p>Sixty-one units.</p>",
    )
    files = image.pictures["files"] | {"fill-1200x630|format-jpeg": ["images/shared.jpg", 640, 336]}
    Image.objects.filter(pk=image.pk).update(pictures=image.pictures | {"files": files})
    return article


def test_every_list_has_its_feeds(client, site):
    article = make_article(site, "Our response")
    day = timezone.localtime(article.published_on)
    terms = ("topics/policy/", "authors/secretariat/", "kinds/statement/")
    for below in ("", *terms, f"{day.year}/", f"{day.year}/{day.month}/"):
        page = soup_of(client.get(f"/news/{below}"))
        announced = [link["href"] for link in page.head.find_all("link", rel="alternate", type=True)]
        for form in FORMS:
            assert f"/news/{below}{form}/" in announced
            _title, entries = parsed(client.get(f"/news/{below}{form}/"))
            assert [entry["title"] for entry in entries] == ["Our response"]


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_has_the_whole_text_with_full_addresses(client, article, form):
    _title, entries = parsed(client.get(f"/news/{form}/"))
    [entry] = [entry for entry in entries if entry["title"] == "Our response"]
    assert entry["link"] == f"{settings.PUBLIC_URL}/news/our-response/"
    assert {"Policy", "Statement"} <= set(entry["tags"])
    text = entry["html"]
    for words in ("Sixty-one units.", "Boats in a harbour"):
        assert words in text
    for block in ("<table>", "<blockquote>", "<h2>", "<li>", "<img", "vimeo.com", "<sup>"):
        assert block in text, block
    for left_out in ("class=", "srcset", "<script", "<details", "<source", 'href="/', 'src="/', 'href="#', "data-"):
        assert left_out not in text, left_out


@pytest.mark.parametrize("has_poster", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_a_video_is_a_link_in_words(client, site, form, has_poster):
    poster = make_image("Poster").pk if has_poster else None
    film = {"title": "Film", "url": "https://vimeo.com/100000001", "poster": poster, "transcript": "<p>Words.</p>"}
    make_article(site, "With film", body=body_of([{"type": "media", "value": film | {"file": None}}]))
    _title, [entry] = parsed(client.get(f"/news/{form}/"))
    link = BeautifulSoup(entry["html"], "html.parser").find("a", href="https://vimeo.com/100000001")
    assert link.get_text(strip=True) == "Play the video"
    assert bool(link.img) is has_poster
    # True of the player on the site only.
    assert "Nothing is loaded" not in entry["html"]


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_offers_what_is_to_be_downloaded(client, site, form):
    document = make_document()
    make_article(site, downloads=downloads_of(document))
    _title, [entry] = parsed(client.get(f"/news/{form}/"))
    made = BeautifulSoup(entry["html"], "html.parser")
    assert made.h2.get_text() == "Downloads"
    assert made.li.a["href"] == f"{settings.PUBLIC_URL}{document.url}"
    assert made.li.get_text(" ", strip=True) == "Full response PDF, 14\xa0bytes"
    document.delete()
    assert "Downloads" not in client.get(f"/news/{form}/").content.decode()


def test_rss_and_atom_name_author_picture_and_update(client, article):
    for form in ("feed", "atom"):
        made = feedparser.parse(client.get(f"/news/{form}/").content)
        [entry] = [entry for entry in made.entries if entry.title == "Our response"]
        assert entry.author == "Secretariat"
        [picture] = entry.media_content
        assert picture["url"].startswith(f"{settings.PUBLIC_URL}/media/images/")
        assert (picture["width"], picture["height"]) == ("640", "336")
        assert made.feed.language == "en"
        assert made.feed.links[0].href == f"{settings.PUBLIC_URL}/news/"
    assert entry.updated_parsed[:5] == article.updated_on.utctimetuple()[:5]


def test_json_feed_names_author_picture_and_update(client, article):
    made = json.loads(client.get("/news/json/").content)
    assert made["version"] == "https://jsonfeed.org/version/1.1"
    assert made["feed_url"] == f"{settings.PUBLIC_URL}/news/json/"
    [item] = [item for item in made["items"] if item["title"] == "Our response"]
    assert item["authors"] == [{"name": "Secretariat"}]
    assert item["image"].startswith(f"{settings.PUBLIC_URL}/media/images/")
    assert item["date_modified"] > item["date_published"]


@pytest.mark.parametrize("title", DIFFICULT)
def test_feeds_stay_well_formed_whatever_a_title_holds(client, site, title):
    make_article(site, "x", slug="difficult")
    # As it could stand in a row that a program wrote.
    from news.models import ArticleListing, ArticlePage

    stored = title.replace("\x00", "") if connection.vendor == "postgresql" else title
    ArticlePage.objects.update(title=stored, summary=stored)
    ArticleListing.objects.update(title=stored, summary=stored)
    plain = stored.replace("\x00", " ").replace("\x07", " ")
    for form in FORMS:
        _title, [entry] = parsed(client.get(f"/news/{form}/"))
        assert entry["title"] == plain


@pytest.mark.parametrize("form", FORMS)
def test_an_arabic_feed_is_in_arabic(client, site, form):
    make_article(site, "استجابتنا", "ar", slug="استجابتنا")
    response = client.get(f"/ar/أخبار/{form}/")
    _title, [entry] = parsed(response)
    assert entry["title"] == "استجابتنا"
    assert unquote(entry["link"]) == f"{settings.PUBLIC_URL}/ar/أخبار/استجابتنا/"
    assert entry["link"].isascii()
    assert '"ar"' in response.content.decode() or ">ar<" in response.content.decode()


@pytest.mark.parametrize("form", FORMS)
def test_an_unchanged_feed_is_not_sent_again(site, article, form, monkeypatch):
    monkeypatch.setattr(answers, "SETTLED_SECONDS", 0)
    # At midnight everything is made anew.
    monkeypatch.setattr(due, "outlook", lambda: (math.inf, 0))
    front = Front()
    first = front.get(f"/news/{form}/")
    for known in ({"if_none_match": first.headers["ETag"]}, {"if_modified_since": first.headers["Last-Modified"]}):
        with CaptureQueriesContext(connection) as queries:
            again = front.get(f"/news/{form}/", **known)
        assert (again.status_code, again.content) == (304, b""), known
        assert len(queries) == 0


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_feed_is_sent_again(site, article, form, django_capture_on_commit_callbacks):
    front = Front()
    first = front.get(f"/news/{form}/")
    with django_capture_on_commit_callbacks(execute=True):
        article.notes_to_editors = "<p>Sixty-two units.</p>"
        article.save()
    assert "Sixty-two" in front.get(f"/news/{form}/", if_none_match=first.headers["ETag"]).text


def test_only_the_text_that_changed_is_made_plain_again(client, site, article, monkeypatch):
    make_article(site, "As it was", body=body_of([{"type": "paragraph", "value": "<p>As it was</p>"}]))
    client.get("/news/feed/")
    texts = []
    monkeypatch.setattr(portable, "BeautifulSoup", lambda html, kind: texts.append(html) or BeautifulSoup(html, kind))
    article.body = body_of([{"type": "paragraph", "value": "<p>Changed</p>"}])
    article.save_revision().publish()
    _title, entries = parsed(client.get("/news/feed/"))
    assert len(texts) == 1
    assert "Changed" in texts[0]
    assert ["Changed" in entry["html"] for entry in entries] == [entry["title"] == article.title for entry in entries]


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_feed_is_a_feed_and_stays_the_same(client, site, form):
    first, second = client.get(f"/news/{form}/"), client.get(f"/news/{form}/")
    assert parsed(first)[1] == []
    assert first.content == second.content


def test_a_feed_of_twenty_asks_no_more_than_one_of_two(client, site):
    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get("/news/feed/")
        return len(queries)

    counts, body, image = [], body_of(every_block(site)), make_image()
    for number in range(20):
        downloads = downloads_of(make_document(f"Response {number}"))
        fields = {"lead_image": image, "lead_image_alt": "x", "downloads": downloads}
        make_article(site, f"Article {number}", body=body, **fields)
        if number in (1, 19):
            client.get("/news/")
            counts.append(count())
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize(
    "address",
    ["/feed/", "/feed/rss/", "/feed/rss2/", "/feed/atom/", "/feed/rdf/", "/comments/feed/", "/cy/feed/", "/feed"],
)
def test_old_wordpress_addresses_lead_to_the_feed(client, site, address):
    answer = client.get(address)
    assert answer.status_code == 301
    followed = client.get(answer["Location"], follow=True)
    assert followed.status_code == 200
    assert "application/" in followed["Content-Type"]


@pytest.mark.parametrize("form", FORMS)
def test_a_link_that_is_no_address_costs_only_itself(client, site, form):
    make_article(site, "Imported", notes_to_editors='<p>See <a href="http://[x">this report</a>.</p>')
    _title, [entry] = parsed(client.get(f"/news/{form}/"))
    assert "this report" in entry["html"]


def test_a_feed_changes_on_the_day_after_its_pictures_lost_their_rights(client, article, same_day, monkeypatch):
    image = Image.objects.get(pk=article.lead_image_id)
    image.rights_expire_on = timezone.localdate()
    image.save()
    first = client.get("/news/feed/")
    assert b"Boats in a harbour" in first.content
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)
    again = client.get("/news/feed/")
    assert b"Boats in a harbour" not in again.content


def test_the_feed_of_a_closed_index_is_kept_by_nobody(client, admin_client, site):
    make_article(site)
    assert admin_client.get("/news/feed/")["Cache-Control"] == "private, no-store"
    PageViewRestriction.objects.create(page=site.news["en"], restriction_type="login")
    assert b"An article" not in client.get("/news/feed/").content


@pytest.mark.parametrize("form", FORMS)
def test_a_summary_is_plain_words_and_a_body_that_is_not_there_is_no_content(client, site, form):
    make_article(site, "Short", summary="Where p <q the trial stops; <b> is a tag & so on.", body=[])
    response = client.get(f"/news/{form}/")
    if form == "json":
        [item] = json.loads(response.content)["items"]
        assert item["summary"] == "Where p <q the trial stops; <b> is a tag & so on."
        shown = item["content_html"]
    else:
        [entry] = feedparser.parse(response.content, sanitize_html=False).entries
        assert "content" not in entry
        shown = entry.summary
    assert BeautifulSoup(shown, "html.parser").get_text() == "Where p <q the trial stops; <b> is a tag & so on."


def test_the_front_page_names_the_feeds_of_the_news(client, site):
    for home, news in (("/", "/news/"), ("/cy/", "/cy/newyddion/")):
        links = soup_of(client.get(home)).head.select('link[type="application/rss+xml"]')
        assert [link["href"] for link in links] == [f"{news}feed/"]
