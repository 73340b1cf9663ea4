"""The search as readers use it: suggestions, filters, pages, in three languages, with and without scripts."""

import re
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.test_accessibility import NARROW, WIDE, barriers
from tests.factories import make_article

pytestmark = pytest.mark.browser

# Where the search stands, what is typed into it, and the title of the one page that begins so.
ASKED = {
    "en": ("/search/", "zeb", "Zebrafish and what they tell"),
    "cy": ("/cy/search/", "pysg", "Pysgod rhesog a’r hyn a ddywedant"),
    "ar": ("/ar/search/", "سمك", "سمك الزرد وما يخبرنا به"),
}
ANSWERS = {"suggestions": [{"label": "Zebra <i>crossing</i>", "url": "/news/", "kind": "Topic"}]}


@pytest.fixture
def articles(site):
    """In each language an article of its own, and in English more of one word than a page shows."""
    for language, (_address, _typed, title) in ASKED.items():
        make_article(site, title, language, slug=f"fish-{language}")
    for number in range(1, 14):
        topics = [site.topic] if number % 2 else []
        published_on = timezone.now() - timedelta(days=400 * (number // 10) + number)
        make_article(site, f"Funding for unit {number}", published_on=published_on, topics=topics)


@pytest.fixture
def reader(articles, visit):
    """A reader; after the test the browser must have had nothing to complain of, and no cookie."""
    visited = visit(reduced_motion="reduce")
    visited.page.add_init_script(Axe().axe_script)
    yield visited
    visited.check()


@pytest.fixture
def told(reader):
    """What the page tells the server of what was found and opened, as it comes."""
    facts = []

    def note(request):
        if request.method == "POST" and "/search/" in request.url:
            facts.append({name: value for name, (value,) in parse_qs(request.post_data).items()})

    reader.page.on("request", note)
    return facts


@pytest.fixture
def asked(reader):
    """What is asked of the suggestions, which are answered by made-up ones."""
    words = []

    def answer(route):
        words.append(parse_qs(route.request.url.partition("?")[2])["q"][0])
        route.fulfill(json=ANSWERS)

    reader.page.route("**/search/suggest/**", answer)
    return words


def stop_time(page):
    """Let time go by for a page only by ``page.clock.run_for``."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


def field_of(page):
    return page.get_by_role("search").locator("input[name=q]")


def is_open(page, number=1):
    expect(field_of(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("option")).to_have_count(number)


def is_closed(page):
    expect(field_of(page)).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("listbox")).to_have_count(0)


@pytest.mark.parametrize("language", ASKED)
def test_a_suggestion_is_followed_with_the_keyboard(reader, language):
    address, typed, title = ASKED[language]
    page = reader.page
    reader.open(address)
    field = page.get_by_role("combobox")
    field.fill(typed)
    is_open(page)
    option = page.get_by_role("option")
    expect(option).to_contain_text(title)
    expect(option.locator("b").first).to_have_text(typed, ignore_case=True)
    field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    expect(field).to_be_focused()
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize("language", ASKED)
def test_a_suggestion_is_followed_with_the_pointer(reader, language):
    address, typed, title = ASKED[language]
    page = reader.page
    reader.open(address)
    field_of(page).fill(typed)
    box, field = page.get_by_role("listbox").bounding_box(), field_of(page).bounding_box()
    assert (box["x"], box["width"]) == (field["x"], field["width"])
    page.get_by_role("option").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_suggestion_is_followed_by_touch(articles, visit):
    address, typed, title = ASKED["en"]
    reader = visit(viewport=NARROW, has_touch=True, is_mobile=True)
    reader.open(address)
    field_of(reader.page).fill(typed)
    reader.page.get_by_role("option").tap()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(title)
    reader.check()


def test_the_keys_of_the_list_leave_the_text_alone(reader):
    page = reader.page
    reader.open("/search/")
    field = page.get_by_role("combobox")
    field.fill("funding")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = page.get_by_role("option")
    count = options.count()
    assert count > 1
    field.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Home")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    assert field.get_attribute("aria-activedescendant") is None
    assert field.evaluate("one => one.selectionStart") == 0
    field.press("Escape")
    is_closed(page)
    expect(field).to_have_value("funding")
    field.press("Escape")
    expect(field).to_have_value("")
    field.fill("funding")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Tab")
    is_closed(page)
    expect(field).to_have_value("funding")


def test_enter_in_the_text_searches_for_what_was_typed(reader):
    page = reader.page
    reader.open("/search/")
    field_of(page).fill("zeb")
    is_open(page)
    field_of(page).press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=zeb$"))


def test_the_number_of_suggestions_is_said_and_a_label_is_never_markup(reader, asked):
    page = reader.page
    stop_time(page)
    reader.open("/search/")
    for letter in "zeb":
        field_of(page).press_sequentially(letter)
        page.clock.run_for(100)
    page.clock.run_for(20)
    is_open(page)
    expect(page.locator(".field [role=status]")).to_have_text("Suggestions: 1")
    expect(page.get_by_role("option")).to_have_text("Zebra <i>crossing</i> Topic")
    expect(page.get_by_role("option").locator("b")).to_have_text("Zeb")
    assert asked == ["zeb"]


def test_a_late_answer_does_not_replace_a_newer_one(reader):
    page = reader.page
    held = []

    def answer(route):
        if route.request.url.endswith("q=ze"):
            held.append(route)
        else:
            route.fulfill(json={"suggestions": [{"label": "Newer", "url": "/", "kind": ""}]})

    page.route("**/search/suggest/**", answer)
    reader.open("/search/")
    with page.expect_request("**/search/suggest/?q=ze"):
        field_of(page).press_sequentially("ze")
    field_of(page).press_sequentially("b")
    expect(page.get_by_role("option")).to_have_text("Newer")
    held[0].fulfill(json=ANSWERS)
    page.wait_for_timeout(300)
    expect(page.get_by_role("option")).to_have_text("Newer")


def test_a_word_is_asked_for_once_it_is_composed(reader, asked):
    page = reader.page
    reader.open("/search/")
    field_of(page).focus()
    keyboard = reader.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "しけん", "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(400)
    assert asked == []
    with page.expect_request("**/search/suggest/**"):
        keyboard.send("Input.insertText", {"text": "試験"})
    is_open(page)
    assert asked == ["試験"]


def test_the_page_stops_asking_for_ten_seconds_when_it_was_too_much(articles, visit):
    reader = visit()
    page = reader.page
    statuses = [200, 429, 200]
    page.route("**/search/suggest/**", lambda route: route.fulfill(status=statuses.pop(0), json=ANSWERS))
    stop_time(page)
    reader.open("/search/")
    for letters, look in (("ze", is_open), ("b", is_closed), ("r", is_closed), ("a", is_closed)):
        field_of(page).press_sequentially(letters)
        page.clock.run_for(1000)
        look(page)
    assert statuses == [200]
    page.clock.run_for(10_000)
    field_of(page).press_sequentially("s")
    page.clock.run_for(200)
    is_open(page)
    # The browser itself notes the refusal, and no script of ours adds to that.
    assert ["429" in complaint for complaint in reader.complaints] == [True]


def test_a_server_that_does_not_answer_costs_only_the_suggestions(articles, visit):
    reader = visit()
    page = reader.page
    page.route("**/search/suggest/**", lambda route: route.abort())
    reader.open("/search/")
    with page.expect_event("requestfailed"):
        field_of(page).fill("zeb")
    is_closed(page)
    field_of(page).press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=zeb$"))
    assert not [complaint for complaint in reader.complaints if complaint.startswith("script")]


def test_what_was_found_and_opened_is_told_once_and_of_nobody(reader, told):
    page = reader.page
    reader.open("/search/?q=funding")
    expect(page.locator("main .rows > li")).to_have_count(10)
    page.wait_for_timeout(200)
    assert told == [{"q": "funding", "total": "13", "page": "1"}]
    page.locator("main .rows a").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Funding for unit")
    assert told[1:] == [{"q": "funding", "rank": "2"}]
    page.go_back()
    page.reload()
    expect(page.locator("main .rows > li")).to_have_count(10)
    page.wait_for_timeout(200)
    assert len(told) == 2


def test_a_search_that_finds_nothing_is_told_and_a_page_without_one_is_not(reader, told):
    reader.open("/search/")
    reader.open("/search/?q=xylophone")
    reader.page.wait_for_timeout(200)
    assert told == [{"q": "xylophone", "total": "0", "page": "1"}]


@pytest.mark.parametrize("has_scripts", [True, False])
def test_results_are_narrowed_sorted_and_paged(articles, visit, has_scripts):
    reader = visit(java_script_enabled=has_scripts)
    page = reader.page
    reader.open("/search/?q=funding")
    rows = page.locator("main .rows > li")
    expect(rows.first.locator("h2 mark")).to_have_text("Funding")
    facets = page.get_by_role("complementary", name="Narrow the results")
    topic = facets.get_by_role("listitem").filter(has_text="Policy")
    expect(topic.locator(".count")).to_have_text("7")
    topic.get_by_role("link").click()
    expect(rows).to_have_count(7)
    expect(page.get_by_role("list", name="Filters")).to_contain_text("Policy")
    page.get_by_role("list", name="Filters").get_by_role("link", name="Policy").click()
    expect(rows).to_have_count(10)
    page.get_by_role("link", name="Newest first").click()
    expect(rows.first).to_contain_text("Funding for unit 1")
    page.get_by_role("link", name="Next", exact=True).click()
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("Funding for unit 13")
    expect(page.locator(".found")).to_contain_text("Page 2 of 2")
    page.get_by_role("link", name="Previous", exact=True).click()
    expect(rows).to_have_count(10)
    reader.check()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_dates_and_all_words_are_carried_from_form_to_form(articles, visit, has_scripts):
    reader = visit(java_script_enabled=has_scripts)
    page = reader.page
    reader.open("/search/?q=funding")
    since = (timezone.now() - timedelta(days=100)).date().isoformat()
    page.get_by_label("From", exact=True).fill(since)
    page.get_by_role("button", name="Apply dates").click()
    rows = page.locator("main .rows > li")
    expect(rows).to_have_count(9)
    expect(page.get_by_label("From", exact=True)).to_have_value(since)
    page.get_by_label("Search words").fill("funding zebrafish")
    page.get_by_role("search").get_by_role("button").click()
    expect(rows).to_have_count(10)
    page.get_by_label("All of these words").check()
    page.get_by_role("search").get_by_role("button").click()
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(page.get_by_label("All of these words")).to_be_checked()
    assert f"from={since}" in page.url
    page.get_by_role("link", name="Remove all filters").click()
    expect(page).not_to_have_url(re.compile("from="))
    reader.check()


def test_filters_stand_beside_the_results_and_fold_on_a_phone(reader):
    page = reader.page
    reader.open("/search/?q=funding")
    policy = page.locator(".facets").get_by_role("link", name="Policy")
    expect(policy).to_be_visible()
    page.set_viewport_size(NARROW)
    expect(policy).to_be_hidden()
    page.get_by_text("Narrow the results").click()
    expect(policy).to_be_visible()


def test_an_empty_result_says_what_to_do(reader):
    page = reader.page
    reader.open("/search/?q=zebrafsh")
    expect(page.locator(".found [role=status]")).to_contain_text("Nothing found")
    expect(page.locator("main")).to_contain_text("Check the spelling")
    expect(page.get_by_role("heading", name="Latest news")).to_be_visible()
    expect(page.locator(".correction a")).to_have_text("zebrafish", ignore_case=True)
    page.locator(".correction a").click()
    expect(page.locator("main .rows > li")).to_have_count(1)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("language", ASKED)
def test_the_search_has_no_barriers(reader, language):
    address, typed, title = ASKED[language]
    page = reader.page
    faults = []
    for query in (title.split()[0], "xylophone"):
        reader.open(f"{address}?q={query}")
        faults += barriers(page)
    reader.open(f"{address}?q=xylophone")
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        field_of(page).fill("")
        field_of(page).fill(typed)
        is_open(page)
        field_of(page).press("ArrowDown")
        faults += barriers(page)
    assert not faults, "\n".join(faults)
