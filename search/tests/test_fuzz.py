"""No input whatever is a fault, on results, suggestions and feed; INPUTS=6000 tries more of them."""

import os
import random
from types import SimpleNamespace
from urllib.parse import quote_from_bytes, urlencode

import pytest
from wagtail.models import Page

from delivery import limits
from search import spelling
from search.models import Entry
from search.views.results import SUGGESTIONS
from tests.factories import make_article
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

INPUTS = int(os.environ.get("INPUTS", "1500"))
NAMES = ("q", "all", "topic", "author", "kind", "year", "type", "from", "to", "sort", "page", "nothing")
SIGNS = [
    '"',
    '""',
    '"a',
    'a"b',
    "“a",
    "«",
    "-",
    "--",
    "-a",
    '-"a',
    "AND",
    "OR",
    "NOT",
    "NEAR(a,2)",
    "title:x",
    "{title}:x",
    "^a",
    "a*",
    "a+b",
    "(",
    "((((",
    ")",
    "a&!b",
    "a<->b",
    "'a':A",
    "\\",
    "\\'",
    ";",
    "%",
    "%s",
    "%(x)s",
    "{{7|add:7}}",
    "<script>",
    "&amp;",
    "99999999",
    "-1",
    "0",
    "1e9",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "2026-08-27",
    "2026",
    "date",
    "page",
    "document",
    "policy",
    "null",
    "../../etc",
    "é́",
    "😀",
    "👩\u200d👩\u200d👧",
    "İI",
    "ß",
    "ﷺ",
    "ﬁ",
    "²",
    "٣",
    "٣٤",
    "京都",
    "ไทย",
    "हिन्दी",
]
UNSEEN = (
    "ʼʼʼʼ",
    "\0",
    "a\0b",
    "\x1b[0m",
    "\r\nX: y",
    "\u202e",
    "\u2067a",
    "\ufeff",
    "\u200d",
    "\U000e0041",
    "\ufffe",
    "\ud800",
)
LONG = ("x" * 100_000, "a " * 2_000, '"' * 5_000, "-" * 5_000, "w-" * 3_000, "e\u0301" * 90)
NASTY = (*SIGNS, *UNSEEN, *LONG, "")


@pytest.fixture
def searched(site):
    make_article(site, "Trial of a plan", summary="Clinical trials in four nations.")
    make_article(site, "Treial clinigol", language="cy")
    spelling.learn.call(list(Entry.objects.values_list("pk", flat=True)))


def one_input(dice):
    """Return an address with hostile parameters: text, joined nasties, or bytes of no encoding."""
    path = dice.choice(("search/", "search/", "search/feed/", "search/suggest/"))
    prefix = dice.choice(("/", "/", "/cy/", "/ar/"))
    values = {name: _value(dice) for name in dice.sample(NAMES, dice.randint(0, 4))} | {"q": _value(dice)}
    pairs = [
        f"{name}={quote_from_bytes(dice.randbytes(dice.randint(1, 40)))}"
        if dice.random() < 0.15
        else urlencode({name: value}, errors="surrogatepass")
        for name, value in values.items()
    ]
    return f"{prefix}{path}?{'&'.join(pairs)}"


def _value(dice):
    if dice.random() < 0.3:
        signs = (chr(dice.randrange(dice.choice((0x80, 0x3000, 0x11_0000)))) for _sign in range(dice.randint(1, 30)))
        return "".join(signs)
    words = dice.choices((*NASTY, "trial", "plan", "clinical"), k=dice.randint(1, 3))
    return dice.choice(("", " ", "-", '"')).join(words)


def test_no_input_is_a_fault(client, searched):
    dice = random.Random(20261125)  # noqa: S311 - the same each time
    answers = {}
    for _number in range(INPUTS):
        SUGGESTIONS.forget()
        address = one_input(dice)
        status = client.get(address).status_code
        answers[status] = answers.get(status, 0) + 1
        assert status in (200, 400) or (status == 404 and "/feed/?" in address), address[:300]
    assert answers[200] + answers.get(404, 0) > INPUTS * 0.9
    assert Page.objects.exists()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("q=%22%22", "There is no word to look for in what you typed."),
        ("q=-trial", "Say also what to look for, not only what to leave out."),
        ("q=trial&topic=none", "There is no such choice under “Topic”, so it is left out."),
        ("q=trial&year=banana", "There is no such choice under “Year”, so it is left out."),
        ("q=trial&from=yesterday", "Give days as year, month and day, for example 2026-08-27."),
        ("q=trial&from=2026-02-01&to=2026-01-01", "The first day is after the last."),
        ("q=trial&page=99999999", "Trial of a plan"),
    ],
)
def test_odd_input_is_answered_in_words(client, searched, query, says):
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    words = response.content.decode().replace("<mark>", "").replace("</mark>", "")
    assert says in words


@pytest.mark.parametrize(
    ("first", "last", "kinds"),
    [
        ("2026-05-02", "2026-04-01", ("date", "date")),
        ("yesterday", "2026-04-01", ("text", "date")),
        ("", '0001-01-01"><b>', ("date", "text")),
    ],
)
def test_days_that_make_no_sense_stay_in_their_fields(client, searched, first, last, kinds):
    response = client.get("/search/", {"q": "trial", "from": first, "to": last})
    page = soup_of(response)
    fields = [page.select_one(f"form.dates [name={name}]") for name in ("from", "to")]
    assert [(field["value"], field["type"]) for field in fields] == list(zip((first, last), kinds, strict=True))
    assert all(field["aria-describedby"] == "date-error" for field in fields)
    assert response.context["total"] == 1


@pytest.mark.parametrize("wrong", ["topic=gone", "year=banana", "from=yesterday", "from=2026-02-01&to=2026-01-01"])
def test_a_feed_whose_filter_makes_no_sense_is_not_found(client, searched, wrong):
    assert client.get("/search/feed/?q=trial").status_code == 200
    assert client.get(f"/search/feed/?q=trial&{wrong}").status_code == 404


def test_a_search_that_takes_too_long_is_stopped_and_says_so(client, searched, monkeypatch):
    monkeypatch.setattr("search.engine.deadline.SECONDS", 0.05)
    monkeypatch.setattr("search.results.engine.hits", slow_question)
    response = client.get("/search/?q=trial")
    assert response.status_code == 200
    assert "This search took too long and was stopped." in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    monkeypatch.undo()
    assert client.get("/search/?q=trial").context["total"] == 1


def slow_question(expression, language):
    """Let the database count to a number that it does not reach in a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000)"
            " SELECT count(*) FROM n"
        )
        return cursor.fetchall()


def test_suggestions_are_limited_for_each_client(client, searched, monkeypatch):
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: 1000.0))
    answers = [client.get("/search/suggest/?q=tri").status_code for _number in range(65)]
    assert answers == [200] * 60 + [429] * 5
    assert client.get("/search/suggest/?q=tri", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_words_of_a_page_are_never_markup_in_what_is_found(client, site):
    from tests.factories import body_of

    hostile = "<p>&lt;script&gt;alert(1)&lt;/script&gt; a plan &amp;amp; &lt;mark&gt;</p>"
    make_article(site, "<b>Plan</b> & “plan”", slug="hostile", body=body_of([{"type": "paragraph", "value": hostile}]))
    text = client.get("/search/?q=plan").content.decode()
    assert "<script>alert" not in text
    assert "<b>" not in text
    assert "&lt;b&gt;<mark>Plan</mark>&lt;/b&gt; &amp; “<mark>plan</mark>”" in text
