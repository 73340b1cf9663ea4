"""What editors tell the search: synonyms and promoted results, shown only while readers may see them."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, CollectionViewRestriction, Locale, PageViewRestriction

from core.models import Document
from delivery import generation
from search import synonyms
from search.models import PromotedResult, SynonymGroup
from search.promotions import promoted
from tests.factories import make_article, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def no_look_at_the_generation_by_the_clock(monkeypatch):
    monkeypatch.setattr(generation, "POLL_SECONDS", 3_600)


def locale(language="en"):
    return Locale.objects.get(language_code=language)


def mean_the_same(words, language="en"):
    group = SynonymGroup(locale=locale(language), words=words)
    group.full_clean()
    group.save()
    return group


def promote(queries, language="en", **fields):
    row = PromotedResult(locale=locale(language), queries=queries, **fields)
    row.full_clean()
    row.save()
    return row


def titles(typed, language="en"):
    return [row["title"] for row in promoted(typed, language)]


# Synonyms


def test_synonyms_are_cleaned_and_belong_to_their_language(site):
    assert mean_the_same("  CTU ,clinical   trials\tunit,, ").words == "CTU, clinical trials unit"
    mean_the_same("uned dreialon، UDC", "cy")
    assert synonyms.groups("en") == (("CTU", "clinical trials unit"),)
    assert synonyms.groups("cy") == (("uned dreialon", "UDC"),)
    assert synonyms.groups("fr") == ()


def test_synonyms_cost_one_query_and_none_when_known(site, django_assert_num_queries):
    mean_the_same("CTU, clinical trials unit")
    synonyms.groups("cy")
    with django_assert_num_queries(1):
        synonyms.groups("en")
    with django_assert_num_queries(0):
        synonyms.groups("en")
    mean_the_same("trial, study")
    assert len(synonyms.groups("en")) == 2


@pytest.mark.parametrize(
    "words",
    [
        "",
        "CTU",
        "CTU, ",
        "CTU, ctu",
        "unit, Units",
        "CTU, …",
        "CTU, " + "x" * 90,
        ", ".join(f"word {number}" for number in range(20)),
        "x" * 100_000,
        "CTU\0, \ud800",
    ],
)
def test_synonyms_that_say_nothing_are_refused(site, words):
    with pytest.raises(ValidationError):
        SynonymGroup(locale=locale(), words=words).full_clean()


# Promoted results


def test_promoted_page_is_shown_with_its_own_words_or_the_editors(site):
    article = make_article(site, "How a trial runs", summary="From the first idea.")
    promote("trial\nstudies", page=article)
    promote("funding", page=article, title="Money", description="How to get it.")
    assert promoted("trial", "en") == [
        {"title": "How a trial runs", "url": "/news/how-a-trial-runs/", "summary": "From the first idea."}
    ]
    assert promoted("Funding", "en") == [
        {"title": "Money", "url": "/news/how-a-trial-runs/", "summary": "How to get it."}
    ]


@pytest.mark.parametrize(
    ("variant", "typed"),
    [
        ("clinical trial", "  CLINICAL  Trials? "),
        ("café", "CAFE"),
        ("long-term", "long term"),
        ("long-term", "longterm"),
        ("longterm", "long-term"),
        ("trial", '"trial"'),
    ],
)
def test_variants_are_compared_as_the_search_does(site, variant, typed):
    promote(variant, page=make_article(site))
    assert titles(typed) == ["An article"]


@pytest.mark.parametrize(
    "typed", ["", " ", "trials units", "clinical", "\0", "\ud800", '"', "a" * 100_000, "a " * 5_000]
)
def test_other_words_promote_nothing(site, typed):
    promote("clinical trial", page=make_article(site))
    assert promoted(typed, "en") == []


def test_synonyms_of_a_variant_are_variants(site):
    mean_the_same("CTU, clinical trials unit")
    promote("find a CTU", page=make_article(site, "Directory"))
    assert titles("find a clinical trials unit") == ["Directory"]
    assert titles("find a ctu") == ["Directory"]
    assert titles("clinical trials unit") == []
    SynonymGroup.objects.get().delete()
    assert titles("find a clinical trials unit") == []


def test_at_most_three_in_the_editors_order(site):
    for number in (5, 3, 4, 2):
        promote("trial", url=f"https://example.org/{number}", title=f"Number {number}", position=number)
    assert titles("trial") == ["Number 2", "Number 3", "Number 4"]


def test_a_hidden_one_leaves_its_place_to_the_next(site):
    hidden = make_article(site, "Hidden", live=False)
    promote("trial", page=hidden, position=0)
    for number in (1, 2, 3):
        promote("trial", url=f"https://example.org/{number}", title=f"Number {number}", position=number)
    assert titles("trial") == ["Number 1", "Number 2", "Number 3"]


def test_page_is_shown_only_while_it_is_live_and_public(site):
    article = make_article(site)
    promote("trial", page=article)
    assert titles("trial")
    article.unpublish()
    assert not titles("trial")
    article.save_revision().publish()
    assert titles("trial")
    restriction = PageViewRestriction.objects.create(page=site.news["en"], restriction_type="password", password="x")
    assert not titles("trial")
    restriction.delete()
    assert titles("trial")
    article.delete()
    assert not titles("trial")
    assert not PromotedResult.objects.exists()


def test_what_a_program_hides_without_a_signal_is_not_shown(site):
    article = make_article(site)
    promote("trial", page=article)
    assert titles("trial")
    type(article).objects.filter(pk=article.pk).update(live=False)
    assert not titles("trial")


def test_unlisted_article_is_not_promoted(site):
    promote("trial", page=make_article(site, is_unlisted=True))
    assert not titles("trial")


def test_page_of_another_language_shows_its_live_translation_or_nothing(site):
    article = make_article(site, "Trial")
    promote("treial", "cy", page=article)
    assert titles("treial", "cy") == []
    welsh = make_article(site, "Treial", language="cy", translation_key=article.translation_key, live=False)
    assert titles("treial", "cy") == []
    welsh.save_revision().publish()
    assert promoted("treial", "cy")[0]["url"] == "/cy/newyddion/treial/"
    assert titles("treial", "cy") == ["Treial"]
    assert titles("treial", "en") == []
    site.homes["cy"].unpublish()
    assert titles("treial", "cy") == []


def test_document_is_shown_while_its_collection_is_open(site):
    root = Collection.get_first_root_node()
    outer = root.add_child(name="Outer")
    inner = outer.add_child(name="Inner")
    document = make_document("Annual report")
    Document.objects.filter(pk=document.pk).update(collection=inner)
    promote("report", document=document)
    assert promoted("report", "en") == [{"title": "Annual report", "url": document.url, "summary": ""}]
    restriction = CollectionViewRestriction.objects.create(collection=outer, restriction_type="login")
    assert not titles("report")
    restriction.delete()
    assert titles("report")
    # Moving a collection below a closed one moves no generation.
    closed = root.add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    assert titles("report")
    Collection.objects.get(pk=inner.pk).move(Collection.objects.get(pk=closed.pk), "sorted-child")
    assert not titles("report")


def test_document_of_another_language_is_refused_and_not_shown(site):
    document = make_document()
    promote("report", document=document)
    document.language = locale("cy")
    document.save()
    assert not titles("report")
    with pytest.raises(ValidationError):
        promote("report", document=document)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"url": "http://example.org/", "title": "Plain"},
        {"url": "javascript:alert(1)", "title": "Script"},
        {"url": "https://example.org/"},
        {"page": "article", "url": "https://example.org/", "title": "Two"},
        {"page": "article", "queries": ""},
        {"page": "article", "queries": "\n \n"},
        {"page": "article", "queries": "trial\nTrials"},
        {"page": "article", "queries": "?!"},
        {"page": "article", "queries": "trial\n" + "x" * 200},
        {"page": "article", "queries": "x" * 100_000},
    ],
)
def test_promotion_that_could_never_be_shown_is_refused(site, fields):
    if fields.get("page"):
        fields = fields | {"page": make_article(site)}
    with pytest.raises(ValidationError):
        promote(fields.pop("queries", "trial"), **fields)


@pytest.mark.parametrize("fields", [{}, {"queries": "one\none"}, {"url": "https://one.example/", "page": "any"}])
def test_the_form_says_at_the_fields_what_is_wrong(admin_client, site, fields):
    empty = dict.fromkeys(("queries", "page", "document", "url", "title", "description"), "")
    fields = fields | ({"page": make_article(site).pk} if "page" in fields else {})
    sent = empty | {"locale": locale().pk, "position": "0"} | fields
    response = admin_client.post("/admin/snippets/search/promotedresult/add/", sent)
    errors = response.context["form"].errors
    assert errors["page"] == ["Choose one: a page, a document or an address."]
    assert "queries" in errors and "__all__" not in errors
    assert "is violated" not in response.text


def test_database_keeps_it_to_one_target(site):
    for fields in ({}, {"page": make_article(site), "url": "https://example.org/"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PromotedResult.objects.create(locale=locale(), queries="trial", **fields)


def test_no_query_without_a_match_and_two_with_one(site, django_assert_num_queries):
    for number in range(4):
        promote("trial", page=make_article(site, f"Article {number}"))
        promote("trial", document=make_document(f"Document {number}", f"{number}.pdf"))
    promoted("trial", "en")
    with django_assert_num_queries(0):
        assert not promoted("other", "en")
    with django_assert_num_queries(2):
        assert len(promoted("trial", "en")) == 3


def test_results_page_shows_them_and_its_get_writes_nothing(client, site, settings):
    promote("trial", page=make_article(site, "How a trial runs"))
    before, files = generation.current(), sorted(settings.VAR_DIR.iterdir())
    with CaptureQueriesContext(connection) as queries:
        html = client.get("/search/", {"q": "trial"}).content.decode()
    assert "How a trial runs" in html
    written = re.compile(r"\s*(INSERT|UPDATE|DELETE|CREATE|DROP|ALTER)", re.IGNORECASE)
    assert not [query["sql"] for query in queries if written.match(query["sql"])]
    assert (generation.current(), sorted(settings.VAR_DIR.iterdir())) == (before, files)
