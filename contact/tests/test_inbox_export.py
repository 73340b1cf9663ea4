"""Enquiries as CSV and XLSX: what is filtered, one column for each built field, and nothing that computes."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from contact.models import Department
from contact.tests.inbox import enquiry_from

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LIST = "/admin/enquiries/"
SIZE, OLD, WELSH = "11111111-1111-4111-8111-111111111111", "22222222-2222", "33333333-3333-4333-8333-333333333333"


def as_csv(client, query="state="):
    response = client.get(f"{LIST}?{query}&export=csv")
    assert response.streaming
    return list(csv.reader(StringIO(b"".join(response.streaming_content).decode())))


def as_xlsx(client, query="state="):
    content = b"".join(client.get(f"{LIST}?{query}&export=xlsx").streaming_content)
    return list(load_workbook(BytesIO(content)).active.iter_rows())


def build(page, *fields):
    page.form_fields = [
        {"type": "line", "value": {"label": label, "help_text": "", "is_required": False}, "id": key}
        for key, label in fields
    ]
    page.save()


def answer(key, label, value):
    return {"key": key, "label": label, "value": value, "choices": []}


@pytest.fixture
def enquiries(site):
    build(site.contact["en"], (SIZE, "Size of your group"))
    build(site.contact["cy"], (SIZE, "Maint eich grŵp"), (WELSH, "Dim ond yn Gymraeg"))
    enquiry_from("First", answers=[answer(SIZE, "Size", "12"), answer(OLD, "Old label", "x")])
    enquiry_from("Second", language="cy", answers=[answer(SIZE, "Maint", "7"), answer(OLD, "Later label", "y")])
    return site


def test_built_fields_have_one_column_over_all_languages_under_the_heading_of_today(admin_client, enquiries):
    headings, second, first = as_csv(admin_client)
    assert headings[:4] == ["Reference", "Received", "Answered", "State"]
    assert headings[-3:] == ["Size of your group", "Dim ond yn Gymraeg", "Later label"]
    assert first[-3:] == ["12", "", "x"]
    assert second[-3:] == ["7", "", "y"]
    assert [[cell.value or "" for cell in row][-3:] for row in as_xlsx(admin_client)] == [
        headings[-3:],
        second[-3:],
        first[-3:],
    ]


def test_file_holds_what_is_filtered_and_searched(admin_client, enquiries):
    assert [row[-1] for row in as_csv(admin_client, "language=cy")] == ["Later label", "y"]
    assert len(as_csv(admin_client, "q=First")) == 2
    assert len(as_csv(admin_client, "state=spam")) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_is_computed_in_any_column_or_heading(admin_client, site, start):
    formula = f"{start}HYPERLINK(1)"
    build(site.contact["en"], (SIZE, f"{start}1"))
    enquiry_from(
        formula,
        name=formula,
        email="=cmd@example.org",
        department=Department.objects.create(name=formula, recipients="a@portal.example"),
        answers=[answer(SIZE, "x", formula), answer(OLD, formula, "-1")],
        consent_version=formula[:12],
    )
    site.home.save()
    for rows in (as_csv(admin_client), [[cell.value or "" for cell in row] for row in as_xlsx(admin_client)]):
        for row in rows:
            assert not [cell for cell in row if str(cell).startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [cell for row in as_xlsx(admin_client) for cell in row if cell.data_type == "f"]
    assert sum(formula in str(cell) for row in as_csv(admin_client) for cell in row) >= 5


def test_signs_that_xlsx_cannot_hold_are_no_error(admin_client, site):
    enquiry_from("a\x0bb\x1f", answers=[answer(SIZE, "x\x0b", "y\x0c")])
    assert "a b " in [cell.value for cell in as_xlsx(admin_client)[1]]


def test_a_thousand_rows_take_as_many_queries_as_one(admin_client, enquiries, django_assert_max_num_queries):
    with django_assert_max_num_queries(100) as few:
        as_csv(admin_client)
    for number in range(1000):
        enquiry_from(f"{number}", answers=[answer(SIZE, "Size", str(number))], page=enquiries.home)
    with django_assert_max_num_queries(len(few)):
        assert len(as_csv(admin_client)) == 1003
    with django_assert_max_num_queries(len(few)):
        assert len(as_xlsx(admin_client)) == 1003
