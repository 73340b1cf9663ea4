"""The accessibility statement: whole in every language, nothing claimed that no test proves."""

import ast
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail_localize.models import TranslationSource

from core.accessibility import CHECKS
from core.models import User
from delivery import generation
from home.models import AccessibilityPage, StandardPage
from tests.factories import make_document
from tests.pages import language_of, soup_of

pytestmark = pytest.mark.django_db

# By which test each sentence of the statement is proven.
PROOFS = {
    "rules": "tests/browser/test_accessibility.py::test_english_pages_have_no_barriers",
    "keyboard": "tests/browser/test_adaptations.py::test_the_keyboard_reaches_everything_and_shows_where_it_is",
    "enlarged": "tests/browser/test_adaptations.py::test_text_of_twice_the_size_is_whole",
    "contrast": "tests/browser/test_adaptations.py::test_the_colours_of_the_device_lose_nothing",
    "direction": "tests/browser/test_accessibility.py::test_arabic_pages_have_no_barriers",
    "structure": "tests/test_templates.py::test_page_has_language_title_and_one_heading",
    "languages": "tests/test_crawl.py::test_every_page_is_true_about_its_language_and_no_link_is_dead",
    "scripts": "tests/browser/test_without_scripts.py::test_a_reader_without_scripts_reads_searches_and_writes",
    "paper": "tests/browser/test_adaptations.py::test_paper_is_black_on_white_with_the_addresses_of_links",
    "markup": "tests/test_markup.py::test_the_nu_validator_finds_no_fault",
    "lighthouse": "tests/browser/test_lighthouse.py::test_lighthouse_has_nothing_against_a_page",
}
BARRIERS = [
    ("Old documents have no headings.", "We replace them.", "June 2027", "failure"),
    ("Old recordings have no captions.", "Ask for a transcript.", "", "scope"),
]


def stream(barriers):
    names = ("what", "why", "until", "reason")
    return [{"type": "barrier", "value": dict(zip(names, barrier, strict=True))} for barrier in barriers]


def make_statement(site, language="en", **fields):
    values = {
        "title": "Accessibility",
        "slug": f"accessibility-{language}",
        "summary": "For everybody.",
        "introduction": "<p>Everybody should be able to read this.</p>",
        "reviewed_on": date(2026, 3, 2),
        "email": "access@portal.example",
        "phone": "0113 496 0132",
        "answer_time": "within three working days",
        "alternatives": "<p>Ask for large print.</p>",
        "complaints": "<p>Ask the equality body.</p>",
        "people_tests": "<p>Our readers' group has tried it.</p>",
        "locale": site.homes[language].locale,
    }
    page = AccessibilityPage(**values | fields)
    page.barriers = page.barriers.stream_block.to_python(fields.get("barriers", stream(BARRIERS)))
    return site.homes[language].add_child(instance=page)


def functions_of(path):
    """Return the names of the tests in a module, without importing it; none where there is no such module."""
    if not (settings.BASE_DIR / path).exists():
        return set()
    tree = ast.parse((settings.BASE_DIR / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("key", CHECKS)
def test_every_claim_is_proven_by_a_test_that_exists(key):
    path, _separator, name = PROOFS[key].partition("::")
    assert name in functions_of(path), f"Name the test in {path} that proves it, or take the sentence out of CHECKS."


def test_no_proof_is_left_without_its_claim():
    assert list(PROOFS) == list(CHECKS)


def test_statement_says_what_editors_wrote_and_what_is_tested(client, site):
    make_statement(site)
    soup = soup_of(client.get("/accessibility-en/"))
    text = " ".join(soup.main.get_text(" ").split())
    for words in (
        "Everybody should be able to read this.",
        "This website conforms in part with level AA",
        "Old documents have no headings.",
        "Mended by: June 2027",
        "access@portal.example",
        "within three working days",
        "Ask for large print.",
        "Ask the equality body.",
        "last reviewed on 2 March 2026",
        *map(str, CHECKS.values()),
    ):
        assert words in text
    assert soup.select_one("main a[href='tel:01134960132']")


def test_barriers_stand_under_their_reasons(client, site):
    make_statement(site, barriers=stream(reversed(BARRIERS)))
    soup = soup_of(client.get("/accessibility-en/"))
    reasons = [heading.get_text() for heading in soup.select("main .prose h3")]
    assert reasons == ["Not conformant yet", "Not covered by accessibility law"]
    assert "Old recordings" in soup.select("main .prose h3")[1].find_next("ul").get_text()


def test_contents_lead_to_the_sections_that_there_are(client, site):
    make_statement(site, conformance="full", barriers=[], alternatives="", complaints="")
    soup = soup_of(client.get("/accessibility-en/"))
    contents = [(link["href"], link.get_text()) for link in soup.select(".rail nav.contents a")]
    headings = [(f"#{heading['id']}", heading.get_text()) for heading in soup.select("main .prose h2")]
    assert contents == headings
    assert "#complaints" not in dict(contents)
    text = soup.main.get_text()
    assert "conforms fully" in text
    assert "We know of none." in text


@pytest.mark.parametrize(("language", "direction"), [("cy", "ltr"), ("ar", "rtl")])
def test_what_is_generated_is_in_the_language_of_the_page(client, site, language, direction):
    make_statement(site, language)
    response = client.get(f"/{language}/accessibility-{language}/")
    assert language_of(response) == (language, direction)
    with translation.override(language):
        headings = [str(section["text"]) for section in AccessibilityPage(alternatives="x", complaints="x").sections]
    assert [heading.get_text() for heading in soup_of(response).select("main .prose h2")] == headings


def test_statement_costs_what_a_plain_page_costs(client, site):
    links = "".join(
        f'<p><a linktype="page" id="{page.pk}">x</a></p><p><a linktype="document" id="{document.pk}">x</a></p>'
        for page, document in ((site.contact["en"], make_document()), (site.news["en"], make_document()))
    )
    make_statement(site, introduction=links, complaints=links, people_tests=links)
    body = [{"type": "paragraph", "value": links}]
    plain = StandardPage(title="About", slug="about", summary="s", locale=site.home.locale)
    plain.body = plain.body.stream_block.to_python(body)
    site.home.add_child(instance=plain)
    assert queries_of(client, "/accessibility-en/") == queries_of(client, "/about/")


def queries_of(client, address):
    """Return how many queries a page takes at a warm generation."""
    generation.forget()
    generation.current()
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_there_is_one_statement_in_a_language(site):
    assert AccessibilityPage.can_create_at(site.home)
    make_statement(site)
    assert not AccessibilityPage.can_create_at(site.home)
    assert AccessibilityPage.can_create_at(site.homes["cy"])


def test_a_translation_has_the_facts_of_its_source_and_the_sentences_to_translate(site):
    statement = make_statement(site)
    source, _created = TranslationSource.get_or_create_from_instance(statement)
    welsh = site.homes["cy"].locale
    source.create_or_update_translation(welsh, fallback=True)
    made = AccessibilityPage.objects.get(locale=welsh)
    assert (made.reviewed_on, made.conformance, made.email) == (statement.reviewed_on, "part", statement.email)
    words = {segment.string.data for segment in source.stringsegment_set.select_related("string")}
    assert {"Old documents have no headings.", "We replace them.", "June 2027", "within three working days"} <= words
    assert "failure" not in words


def form_data(barriers, **fields):
    rows = [("barrier", dict(zip(("what", "why", "until", "reason"), item, strict=True))) for item in barriers]
    data = {
        "title": "Accessibility",
        "slug": "accessibility",
        "summary": "For everybody.",
        "introduction": rich_text("<p>For everybody.</p>"),
        "reviewed_on": "2026-03-02",
        "conformance": "part",
        "email": "access@portal.example",
        "barriers": streamfield(rows),
        "action-publish": "Publish",
        **{name: rich_text("") for name in ("alternatives", "complaints", "people_tests")},
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
    }
    return nested_form_data(data | fields)


@pytest.mark.parametrize(
    ("barriers", "fields", "error"),
    [
        (BARRIERS, {}, None),
        (BARRIERS[1:], {"conformance": "full"}, None),
        (BARRIERS, {"conformance": "full"}, "the site conforms in part"),
        (BARRIERS[1:], {}, "Say what does not conform yet"),
        (BARRIERS, {"email": ""}, "Give an e-mail address or a telephone number"),
    ],
)
def test_editors_cannot_publish_a_statement_that_contradicts_itself(client, site, barriers, fields, error):
    client.force_login(User.objects.create_superuser("root", "root@portal.example", "x"))
    address = reverse("wagtailadmin_pages:add", args=("home", "accessibilitypage", site.home.pk))
    response = client.post(address, form_data(barriers, **fields))
    if error:
        assert error in response.content.decode()
    assert AccessibilityPage.objects.filter(live=True).exists() is (error is None)


def test_a_draft_may_be_unfinished(client, site):
    client.force_login(User.objects.create_superuser("root", "root@portal.example", "x"))
    address = reverse("wagtailadmin_pages:add", args=("home", "accessibilitypage", site.home.pk))
    data = form_data([], email="")
    del data["action-publish"]
    client.post(address, data)
    assert AccessibilityPage.objects.get().live is False


def test_statement_has_a_markdown_form(client, site):
    make_statement(site)
    text = client.get("/accessibility-en.md").content.decode()
    assert "## Known barriers" in text
    assert "Old documents have no headings." in text
