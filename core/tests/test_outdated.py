"""The reader's note on a translation whose source says something else by now."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from delivery import translations
from delivery.translations import Outdated
from home.models import StandardPage
from tests.factories import make_article
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SINCE = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def behind(site, monkeypatch):
    """Say that a translation is behind its English source."""
    known = {}
    monkeypatch.setitem(translations._sources, "outdated", lambda: known)

    def say(page, source="en"):
        known[page.translation_key, page.locale_id] = Outdated(SINCE, site.homes[source].locale_id)

    return say


def note_of(client, address):
    return soup_of(client.get(address)).select_one("main .outdated")


@pytest.mark.parametrize(
    ("kind", "address", "source"),
    [
        ("home", "/cy/", "/"),
        ("index", "/cy/newyddion/", "/news/"),
        ("contact", "/cy/cysylltu/", "/contact/"),
        ("article", "/cy/newyddion/ymateb/", "/news/response/"),
        ("standard", "/cy/amdanom/", "/about/"),
    ],
)
def test_every_kind_of_page_says_that_its_source_has_changed(client, site, behind, kind, address, source):
    english = make_article(site, "Response")
    pages = {"home": site.homes["cy"], "index": site.news["cy"], "contact": site.contact["cy"]}
    pages["article"] = make_article(site, "Ymateb", language="cy", translation_key=english.translation_key)
    about = site.homes["en"].add_child(instance=StandardPage(title="About", slug="about", summary="s"))
    amdanom = StandardPage(title="Amdanom", slug="amdanom", summary="s", translation_key=about.translation_key)
    amdanom.locale = site.homes["cy"].locale
    pages["standard"] = site.homes["cy"].add_child(instance=amdanom)
    assert note_of(client, address) is None
    behind(pages[kind])
    note = note_of(client, address)
    assert "2026" in note.text
    assert (note.a["href"], note.a["hreflang"]) == (source, "en")
    assert note_of(client, source) is None


def test_note_names_language_and_date_in_the_readers_words(client, site, behind):
    welsh = make_article(site, "Ymateb", language="cy")
    english = make_article(site, "Response", translation_key=welsh.translation_key)
    behind(english, "cy")
    text = " ".join(note_of(client, "/news/response/").text.split())
    assert text.startswith("The Welsh version was changed on 3 November 2026. This translation may not include")
    assert note_of(client, "/news/response/").a["href"] == "/cy/newyddion/ymateb/"


@pytest.mark.parametrize("how", ["draft", "private"])
def test_note_leads_to_no_version_that_readers_cannot_have(client, site, behind, how):
    welsh = make_article(site, "Ymateb", language="cy", live=how != "draft")
    english = make_article(site, "Response", translation_key=welsh.translation_key)
    if how == "private":
        PageViewRestriction.objects.create(page=welsh, restriction_type="login")
    behind(english, "cy")
    note = note_of(client, "/news/response/")
    assert "Welsh" in note.text
    assert note.a is None


def test_note_costs_no_query(client, site, behind):
    english = make_article(site, "Response")
    welsh = make_article(site, "Ymateb", language="cy", translation_key=english.translation_key)
    counts = []
    for say in (lambda page: None, behind):
        say(welsh)
        client.get("/cy/newyddion/ymateb/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/cy/newyddion/ymateb/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
