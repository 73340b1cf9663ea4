"""The search in the admin: the report of what readers look for, and the forms that it leads to."""

import csv
import re
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.text import slugify
from openpyxl import load_workbook
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from portal import roles
from search.chart import HEIGHT, chart
from search.models import PromotedResult, SearchCount, SynonymGroup
from tests.factories import make_article

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("same_day")]
REPORT = "/admin/reports/searches/"
SYNONYMS = "/admin/snippets/search/synonymgroup/"
PROMOTED = "/admin/snippets/search/promotedresult/"
WELSH = "Translators: Cymraeg"


def sign_in(client, group):
    user = get_user_model().objects.create_user(group[:20], f"{slugify(group)}@example.org", "secret")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.fixture
def editor(client, site):
    return sign_in(client, roles.EDITORS)


def counted(query, searches=1, empty=0, clicks=0, ranks=0, days=0, language="en"):
    day = timezone.localdate() - timedelta(days=days)
    counts = {"searches": searches, "empty": empty, "clicks": clicks, "ranks": ranks}
    return SearchCount.objects.create(day=day, language=language, query=query, **counts)


def listed(client, **fields):
    return [row["query"] for row in client.get(REPORT, fields).context["object_list"]]


def test_report_says_most_searched_found_nothing_and_never_followed(client, editor):
    counted("trial", 40, 0, 20, 50)
    counted("trial", 10, 0, 5, 25, days=3)
    counted("consent", 30, 1)
    counted("mushrooms", 5, 5)
    counted("treial", 99, 0, language="cy")
    counted("old", 99, 99, days=40)
    counted("", 7, 2)
    assert listed(client) == ["trial", "consent", "mushrooms"]
    assert listed(client, list="empty") == ["mushrooms", "consent"]
    assert listed(client, list="unfollowed") == ["consent"]
    assert listed(client, language="cy") == ["treial"]
    assert listed(client, days=90) == ["old", "trial", "consent", "mushrooms"]
    assert listed(client, ordering="query") == ["consent", "mushrooms", "trial"]
    html = client.get(REPORT).content.decode()
    cells = re.sub(r"<[^>]+>|\s+", " ", html.split("<bdi>trial</bdi>")[1].split("</tr>")[0]).split()
    assert cells == ["50", "0", "25", "50", "3.0"]
    assert "7 searches are counted without their words" in html


@pytest.mark.parametrize(
    "fields", [{"days": "x"}, {"language": "xx"}, {"list": "<b>"}, {"p": "9" * 30}, {"ordering": "-id"}]
)
def test_unknown_choices_are_the_usual_ones(client, editor, fields):
    counted("trial")
    response = client.get(REPORT, fields)
    assert response.status_code == 200
    assert response.context["view"].chosen == {"language": "en", "days": 30, "list": "most"}


def test_report_of_nothing_says_so(client, editor):
    html = client.get(REPORT).content.decode()
    assert "Readers have not searched in this language and period yet" in html
    assert "<svg viewBox" not in html


def test_words_of_readers_are_text(client, editor):
    counted('<script>alert(1)</script> & "x"', 1, 1)
    html = client.get(REPORT, {"list": "empty"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;" in html
    assert "<script>alert(1)" not in html


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_chart_is_accessible_and_has_nothing_inline(client, editor, days):
    counted("trial", 10, 4)
    counted("consent", 13, 0)
    counted("trial", 2, 0, days=2)
    html = client.get(REPORT, {"days": days}).content.decode()
    figure = html.split('<figure class="search-chart">')[1].split("</figure>")[0]
    ids = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', figure).groups()
    assert f'<title id="{ids[0]}">Searches per day</title>' in figure
    assert f'<desc id="{ids[1]}">25 searches in all.' in figure
    assert "style=" not in figure
    assert "<script" not in figure
    assert figure.count('<rect class="searches"') == 2
    assert figure.count("<tr>") == days + 1
    today = figure.split("<tbody>")[1].split("</tr>")[0]
    assert re.sub(r"<[^>]+>|\s+", " ", today).split()[-2:] == ["23", "4"]


def test_columns_of_the_chart_are_as_high_as_their_numbers(db):
    counted("trial", 10, 5)
    counted("trial", 20, 0, days=6)
    drawn = chart(SearchCount.objects.all(), 7)
    assert [bar.searches for bar in drawn["bars"]] == [20, 0, 0, 0, 0, 0, 10]
    assert [bar.height for bar in drawn["bars"]] == [HEIGHT, 0, 0, 0, 0, 0, HEIGHT / 2]
    assert drawn["bars"][-1].empty_height == HEIGHT / 4
    assert drawn["top"] == 20
    assert chart(SearchCount.objects.none(), 7) is None


def test_numbers_of_the_drawing_have_points_in_every_language_of_the_admin(client, editor):
    UserProfile.objects.create(user=editor, preferred_language="ar")
    counted("trial", 3, 1)
    counted("consent", 1, 1)
    drawing = client.get(REPORT, {"days": 90}).content.decode().split("<svg viewBox")[1].split("</svg>")[0]
    assert re.search(r'width="6\.4"', drawing)


@pytest.mark.parametrize("words", ["=1+1", "+cmd|' /c'!a0", "-2+3", "=hyperlink(1)"])
def test_exports_compute_nothing(client, editor, words):
    counted(words, 4, 0, 2, 3)
    response = client.get(REPORT, {"export": "csv"})
    rows = list(csv.reader(StringIO(b"".join(response.streaming_content).decode())))
    expected = ["Searched for", "Searches", "Found nothing", "Clicks", "Clicks of 100 searches", "Mean rank of clicks"]
    assert rows == [expected, [f"'{words}", "4", "0", "2", "50", "1.5"]]
    response = client.get(REPORT, {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert [cell.value for cell in sheet[2]] == [f"'{words}", 4, 0, 2, 50, 1.5]
    assert sheet["A2"].data_type == "s"
    assert 'filename="searches-en-' in response["Content-Disposition"]


def test_row_that_found_nothing_leads_to_forms_that_are_filled_in(client, editor):
    counted("café & co", 5, 5, language="cy")
    html = client.get(REPORT, {"list": "empty", "language": "cy"}).content.decode()
    for label, name in (("Add a synonym", "words"), ("Promote a page", "queries")):
        address = re.search(rf'<a href="([^"]+)">{label}</a>', html).group(1).replace("&amp;", "&")
        form = client.get(address).context["form"]
        assert form[name].value() == "café & co"
        assert form["locale"].value() == Locale.objects.get(language_code="cy").pk
    counted("found", 5, 0)
    assert "Add a synonym" not in client.get(REPORT).content.decode()


def test_synonyms_and_promotions_are_made_in_the_admin(client, editor, site):
    locale = Locale.objects.get(language_code="en")
    response = client.post(f"{SYNONYMS}add/", {"locale": locale.pk, "words": "CTU,clinical trials unit"})
    assert response.status_code == 302
    assert SynonymGroup.objects.get().words == "CTU, clinical trials unit"
    page = make_article(site)
    fields = {"locale": locale.pk, "queries": "trial", "page": page.pk, "position": 0}
    assert client.post(f"{PROMOTED}add/", fields).status_code == 302
    assert PromotedResult.objects.get().page_id == page.pk
    for address in (SYNONYMS, PROMOTED, f"{SYNONYMS}edit/{SynonymGroup.objects.get().pk}/"):
        assert client.get(address).status_code == 200
    assert "An article" in client.get(f"{PROMOTED}?locale={locale.pk}").content.decode()


def test_mistakes_are_told_at_their_field(client, editor):
    locale = Locale.objects.get(language_code="en")
    for address, fields, name in (
        (SYNONYMS, {"words": "CTU\0"}, "words"),
        (PROMOTED, {"queries": "trial", "position": 0}, "page"),
        (PROMOTED, {"queries": "trial", "position": 0, "url": "http://example.org"}, "url"),
    ):
        response = client.post(f"{address}add/", fields | {"locale": locale.pk})
        assert response.status_code == 200
        assert response.context["form"].errors[name]


@pytest.mark.parametrize("value", ["x" * 100_000, "\0", "%ED%A0%80"])
def test_filled_in_form_takes_any_words(client, editor, value):
    for address in (SYNONYMS, PROMOTED):
        assert client.get(f"{address}add/", {"words": value, "locale": value}).status_code in (200, 403)


def test_editors_read_the_report_and_others_do_not(client, site):
    sign_in(client, roles.EDITORS)
    assert REPORT in client.get("/admin/").content.decode()
    for group in (roles.AUTHORS, WELSH):
        sign_in(client, group)
        assert client.get(REPORT).status_code == 302
        assert client.get(REPORT, {"export": "csv"}).status_code == 302
        assert REPORT not in client.get("/admin/").content.decode()


def test_translators_look_after_their_own_language_only(client, site):
    english, welsh = (Locale.objects.get(language_code=code) for code in ("en", "cy"))
    theirs = SynonymGroup.objects.create(locale=english, words="CTU, unit")
    sign_in(client, WELSH)
    assert client.post(f"{SYNONYMS}add/", {"locale": welsh.pk, "words": "UDC, uned"}).status_code == 302
    own = SynonymGroup.objects.get(locale=welsh)
    response = client.post(f"{SYNONYMS}add/", {"locale": english.pk, "words": "one, two"})
    assert response.context["form"].errors["locale"]
    response = client.post(f"{SYNONYMS}edit/{own.pk}/", {"locale": english.pk, "words": "one, two"})
    assert response.context["form"].errors["locale"]
    assert client.get(f"{SYNONYMS}edit/{theirs.pk}/").status_code == 302
    assert client.post(f"{SYNONYMS}delete/{theirs.pk}/").status_code == 302
    assert SynonymGroup.objects.filter(pk=theirs.pk).exists()
    assert "CTU, unit" not in client.get(SYNONYMS).content.decode()


def test_authors_have_no_part_in_it(client, site):
    sign_in(client, roles.AUTHORS)
    for address in (SYNONYMS, PROMOTED, f"{SYNONYMS}add/"):
        assert client.get(address).status_code == 302
