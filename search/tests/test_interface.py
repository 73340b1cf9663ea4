"""The results page as it is written from what the view hands over, without any search."""

import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import mark_safe

pytestmark = pytest.mark.django_db

SUPPOSED = {
    "query": "trials",
    "total": 23,
    "rows": [],
    "page_number": 2,
    "page_count": 3,
    "facets": [],
    "kept": [("topic", "policy")],
    "date_from": "2025-01-01",
    "date_to": "",
    "seen_url": "/search/seen/",
    "suggest_url": "/search/suggest/",
    "clear_url": "?q=trials",
}


def row(**fields):
    known = {"title": mark_safe("Fair <mark>trials</mark>"), "url": "/news/fair/", "passage": "", "rank": 11}
    return known | {"published_on": None, "kind": None, "language": "en", "file": None} | fields


def value(number, **fields):
    return {"label": f"Topic {number}", "count": number, "url": f"?t={number}", "is_chosen": False} | fields


def page_of(**context):
    request = RequestFactory().get("/search/")
    return BeautifulSoup(render_to_string("search/results.html", SUPPOSED | context, request), "html.parser")


def words_of(element):
    return re.sub(r"\s+", " ", element.get_text()).strip()


def test_a_row_shows_marks_file_and_rank(site):
    kind = SimpleNamespace(label="Statement", words_language=None)
    page = page_of(
        rows=[row(kind=kind, passage=mark_safe("of <mark>trials</mark>"), file={"type": "PDF", "size": 2048})]
    )
    shown = page.select_one("ol.rows[start='11'] > li")
    assert [mark.text for mark in shown.select("h2 mark, .summary mark")] == ["trials", "trials"]
    assert words_of(shown.select_one(".row-facts")).replace("\xa0", " ") == "Statement PDF, 2.0 KB"
    assert shown.select_one("h2 a")["data-rank"] == "11"
    assert page_of(rows=[row(title="<b>x</b>", passage="<i>y</i>")]).select(".rows b, .rows i") == []


def test_what_is_told_of_a_search_stands_in_the_page_only_where_something_was_asked(site):
    told = page_of(rows=[row()]).select_one("[data-seen]")
    assert [told[f"data-{name}"] for name in ("seen", "query", "total", "page")] == [
        "/search/seen/",
        "trials",
        "23",
        "2",
    ]
    assert page_of(query="", total=None).select("[data-seen]") == []
    assert page_of(total=None, message="It took too long.").select("[data-seen]") == []


def test_many_values_fold_after_eight_and_open_where_one_of_them_is_chosen(site):
    values = [value(number) for number in range(1, 13)]
    facet = {"name": "topic", "label": "Topic", "values": values}
    page = page_of(rows=[row()], facets=[facet])
    fold = page.select_one(".choices details")
    assert len(page.select(".choices > div > ul > li")) == 8
    assert words_of(fold.summary) == "4 more, Topic"
    assert len(fold.select("li")) == 4
    assert not fold.has_attr("open")
    facet["values"] = [*values[:10], value(11, is_chosen=True), value(12, is_chosen=True, language="cy")]
    page = page_of(rows=[row()], facets=[facet])
    assert page.select_one(".choices details").has_attr("open")
    chosen = page.select(".choices a[aria-current=true]")
    assert words_of(chosen[0]) == "Remove filter: Topic 11"
    assert chosen[1].select_one("[lang=cy]").text == "Topic 12"


def test_each_form_carries_on_what_the_other_one_asks(site):
    page = page_of(rows=[row()], all_words=True)
    search, dates = page.select_one("form.search-form"), page.select_one("form.dates")
    hidden = [{one["name"]: one["value"] for one in form.select("[type=hidden]")} for form in (search, dates)]
    assert hidden == [{"topic": "policy", "from": "2025-01-01"}, {"topic": "policy", "q": "trials", "all": "1"}]
    assert search.select_one("[name=all]").has_attr("checked")
    assert dates.select_one("[name=from]")["value"] == "2025-01-01"


def test_a_wrong_date_is_named_beside_its_fields_even_where_nothing_was_found(site):
    page = page_of(total=0, date_error="The first day is after the last.")
    field = page.select_one("[name=to]")
    assert "after the last" in page.find(id=field["aria-describedby"]).text
    assert page.select_one(".facets > details").has_attr("open")


def test_an_empty_result_offers_ways_on(site):
    page = page_of(
        total=0, chosen=[{"label": "Policy", "url": "?q=trials"}], correction={"words": "trial", "url": "?q=trial"}
    )
    assert words_of(page.select_one(".found [role=status]")) == "Nothing found for “trials”"
    assert page.select_one(".correction a")["href"] == "?q=trial"
    assert words_of(page.select_one(".found .chips")) == "Remove filter: Policy Remove all filters"
    assert page.select_one(".found a[href='/']")
    assert page_of(total=None, message="It took too long.").find(string=re.compile("Check the spelling")) is None


def test_only_a_search_without_words_is_for_search_engines(site):
    assert page_of().select("meta[name=robots][content=noindex]")
    assert not page_of(query="", total=None).select("meta[name=robots]")


def test_another_form_of_the_site_asks_without_the_choices_of_this_one(client, site):
    page = BeautifulSoup(client.get("/nowhere/").content, "html.parser")
    assert [field["name"] for field in page.select("form.search-form input")] == ["q"]
