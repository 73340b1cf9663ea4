"""The form is changed or closed between its being opened and being sent: what was written reaches the team."""

import pytest
from wagtail.models import PageViewRestriction

from contact.models import Enquiry
from contact.tests.building import FIELDS, FILLED, build, make_departments
from delivery import generation

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SAME = {"origin": "http://testserver"}
LABEL = "Answers to fields that the form no longer has"


@pytest.fixture
def departments():
    return make_departments()


@pytest.fixture
def page(site, departments):
    return build(site.contact["en"], departments)


def send(client, departments, **changes):
    data = FILLED | {"department": departments[1].pk} | changes
    assert client.post("/enquiries/", data, headers=SAME).status_code == 302
    return Enquiry.objects.get()


def close(page):
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="sesame")
    generation.forget()


def test_answer_to_a_field_that_was_taken_away_is_kept(client, page, departments):
    build(page, departments, fields=[field for field in FIELDS if field[1] not in ("phone", "plan", "visits")])
    enquiry = send(client, departments)
    assert enquiry.answers[-1] == {
        "key": "left",
        "label": LABEL,
        "value": "One\ntwo\n+44 20 7946 0000\nchoice-leeds, choice-belfast",
        "choices": [],
    }
    assert [answer["key"] for answer in enquiry.answers[:-1]] == ["post", "units", "day", "place"]


def test_answers_to_a_page_that_was_closed_are_kept_with_its_words_and_the_department(client, page, departments):
    close(page)
    enquiry = send(client, departments)
    [answer] = enquiry.answers
    for words in (
        "Your post: Nurse",
        "Telephone: +44 20 7946 0000",
        "Where?: Cardiff",
        "Which visits?: Leeds, Belfast",
    ):
        assert words in answer["value"].splitlines()
    assert enquiry.department == departments[1]


def test_answers_to_a_page_that_is_gone_are_kept(client, page, departments):
    page.unpublish()
    assert "Nurse" in send(client, departments).answers[0]["value"]


def test_nothing_is_added_where_nothing_was_written(client, page, departments):
    close(page)
    empty = {name: " " for name in FILLED if name.startswith("field-")}
    assert send(client, departments, **empty).answers == []


@pytest.mark.parametrize("name", ["field-", "field-reference", "field-\x00"])
def test_forged_fields_make_no_columns_and_no_fault(client, page, departments, name):
    enquiry = send(client, departments, **{name: "a\x00b" * 100_000})
    assert [answer["key"] for answer in enquiry.answers][-1] == "left"
    assert len(enquiry.answers[-1]["value"]) <= 100_000
