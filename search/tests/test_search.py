"""The reader's search: finds what is public in this language, and no input is a fault."""

from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from modelsearch.query import MATCH_ALL, Boost, Not, Or, Phrase, PlainText
from wagtail.models import Page, PageViewRestriction

from delivery import generation
from search import indexing, query
from tests.factories import body_of, make_article, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def found(client, text, address="/search/"):
    response = client.get(address, {"q": text})
    assert response.status_code == 200
    return [row["plain_title"] for row in response.context["rows"]]


def test_finds_words_of_title_summary_and_body(client, site):
    body = body_of([{"type": "paragraph", "value": "<p>About pharmacovigilance.</p>"}])
    make_article(site, "Our response", summary="On the national plan", body=body)
    for word in ("response", "national", "pharmacovigilance", "RESPONSE", "national response"):
        assert found(client, word) == ["Our response"]


def test_finds_plain_pages_with_their_summary(client, site):
    assert found(client, "contact") == ["Contact"]


def test_shows_only_live_public_pages_of_this_language(client, site):
    make_article(site, "Trial in English")
    make_article(site, "Trial yn Gymraeg", language="cy")
    make_article(site, "Trial draft", live=False)
    secret = make_article(site, "Trial secret")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    assert found(client, "trial") == ["Trial in English"]
    assert found(client, "trial", "/cy/search/") == ["Trial yn Gymraeg"]


def test_the_names_of_topics_are_suggested_only_where_everybody_may_read_their_lists(client, site):
    def suggested():
        return [one["label"] for one in client.get("/search/suggest/?q=poli").json()["suggestions"]]

    assert suggested() == ["Policy"]
    closed = PageViewRestriction.objects.create(page=site.home, restriction_type="password", password="sesame")
    generation.forget()
    assert suggested() == []
    closed.delete()
    generation.forget()
    assert suggested() == ["Policy"]


def test_results_are_paged_and_never_indexed(client, site):
    for number in range(23):
        make_article(site, f"Trial {number}")
    first = client.get("/search/?q=trial")
    assert (len(first.context["rows"]), first.context["total"], first.context["previous_url"]) == (10, 23, None)
    third = client.get("/search/?q=trial&page=3")
    assert (len(third.context["rows"]), third.context["next_url"]) == (3, None)
    assert first["X-Robots-Tag"] == "noindex"
    for page in ("0", "-1", "x", "999999999999", "", "²"):
        assert client.get("/search/", {"q": "trial", "page": page}).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        '"',
        'a"b',
        "\x00",
        "   ",
        "*",
        "AND",
        "OR NOT",
        "NEAR(a b)",
        "title:x",
        "a-b",
        "^",
        "(",
        "word " * 500,
        "x" * 10_000,
        "%",
        "'",
        "\\",
        "é́",
        "😀",
    ],
)
def test_no_input_is_a_fault(client, site, text):
    make_article(site, "Trial")
    found(client, text)


@given(text=st.text(max_size=60))
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_random_input_is_a_fault(client, site, text):
    found(client, text)


def test_what_is_typed_is_cleaned_and_capped():
    assert query.clean(' trial\x00-unit  "AND"\n x\u202e* ') == 'trial -unit "AND" x*'
    assert len(query.clean("y" * 5000)) == query.MAX_CHARACTERS
    assert len(query.parse("a1 " * 50, "en").expression.tokens) == 1
    many = query.parse(" ".join(f"w{number}" for number in range(50)), "en")
    assert len(many.tokens) == query.MAX_TERMS


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ('"clinical', "clinical"),
        ('"clinical trial', "clinical trial"),
        ('clinical "trial', "clinical trial"),
        ('("clinical trial")', '"clinical trial"'),
        ('foo,"clinical trial"', 'foo "clinical trial"'),
        ("“clinical trial”", '"clinical trial"'),
        ("clinical -trial", "clinical −trial"),
        ('clinical -"of trials"', "clinical –“of trials”"),
    ],
)
def test_signs_that_people_type_mean_what_they_mean(site, typed, same_as):
    assert query.parse(typed, "en").expression == query.parse(same_as, "en").expression


def test_quotes_minus_and_all_words(client, site):
    make_article(site, "Harbour lights", summary="A long walk.")
    make_article(site, "Lights of the harbour", summary="A short walk.")
    make_article(site, "Lights only", summary="None.")
    assert set(found(client, '"harbour lights"')) == {"Harbour lights"}
    assert set(found(client, "lights -harbour")) == {"Lights only"}
    assert set(found(client, "harbour walk")) == {"Harbour lights", "Lights of the harbour"}
    everything = client.get("/search/", {"q": "lights short", "all": "1"}).context["rows"]
    assert [row["plain_title"] for row in everything] == ["Lights of the harbour"]


def test_a_long_text_that_has_the_word_once_is_found_too(client, site):
    make_article(site, "Sepsis", summary="Sepsis, sepsis.")
    body = body_of([{"type": "paragraph", "value": f"<p>{'word ' * 20_000} sepsis</p>"}])
    make_article(site, "Annual report", body=body)
    assert found(client, "sepsis") == ["Sepsis", "Annual report"]


def test_control_signs_of_a_text_do_not_break_the_feed(client, site):
    make_article(site, "Trial\x0bone", slug="one", summary="A\x0btrial.")
    assert b"<title>Trial one</title>" in client.get("/search/feed/?q=trial").content


def test_a_text_without_spaces_is_stored_whatever_its_length(client, site):
    text = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(120_000))
    make_article(site, "Long", body=body_of([{"type": "paragraph", "value": f"<p>{text}</p>"}]))
    assert found(client, "long") == ["Long"]


def test_wagtails_own_queries_can_be_combined(site):
    make_article(site, "Harbour lights")
    make_article(site, "Harbour walls")
    pages = Page.objects.filter(depth=4)

    def titles(wanted):
        return sorted(page.title for page in pages.search(wanted))

    everything = sorted(page.title for page in pages)
    harbour, lights = PlainText("harbour"), PlainText("lights")
    assert titles(harbour & ~lights) == ["Harbour walls"]
    assert titles(Or([lights, PlainText("walls")])) == ["Harbour lights", "Harbour walls"]
    assert titles(Phrase("lights harbour")) == []
    assert titles(MATCH_ALL) == titles(Or([MATCH_ALL, lights])) == everything
    assert titles(~MATCH_ALL) == titles(Not(Boost(MATCH_ALL, 2))) == []
    assert pages.search("harbour").count() == 2
    assert len(pages.search("harbour")[1:2]) == 1
    assert pages.autocomplete("harb wal")[0].title == "Harbour walls"
    assert [page.title for page in pages.order_by("title").search("harbour", order_by_relevance=False)] == [
        "Harbour lights",
        "Harbour walls",
    ]


def test_document_is_among_the_results_of_its_year(client, site):
    document = make_document("Full response")
    document.created_at = datetime(2019, 6, 30, tzinfo=UTC)
    document.save()
    make_article(site, body=body_of([{"type": "document", "value": {"document": document.pk, "title": ""}}]))
    indexing.refresh([document])
    span = {"from": "2019-01-01", "to": "2019-12-31"}
    for narrowed, number in ((span, 1), ({"year": "2019"}, 1), ({"year": "2020"}, 0)):
        assert len(client.get("/search/", {"q": "full response", **narrowed}).context["rows"]) == number, narrowed


def test_a_result_stays_the_same_in_the_feed_when_its_address_changes(client, site):
    article = make_article(site, "Trial one", slug="one")
    before = feedparser.parse(client.get("/search/feed/?q=trial").content).entries
    article.slug = "another"
    article.save_revision().publish()
    after = feedparser.parse(client.get("/search/feed/?q=trial").content).entries
    assert [entry.id for entry in before] == [entry.id for entry in after]
    assert [entry.link for entry in before] != [entry.link for entry in after]
