"""A contact page behind a password: its words are for who has opened it, while everybody may write to the team."""

import pytest
from wagtail.models import PageViewRestriction

from contact.models import Enquiry
from contact.tests.building import FILLED, build, make_departments
from core.models import QueuedMail
from delivery import generation

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ADDRESS = "/enquiries/"
SAME = {"origin": "http://testserver"}
SHORT = {"email": "reader@example.org", "message": "Where is the plan?"}
WORDS = ("The introduction", "020 7946", "We keep it", "Your post", "Thanks, all", "We answer soon", "The Press")


@pytest.fixture
def page(site):
    return build(
        site.contact["en"],
        make_departments(),
        introduction="<p>The introduction</p>",
        phone="020 7946 0000",
        consent_text="We keep it for a year.",
        thank_you_text="Thanks, all.",
        acknowledgement_text="We answer soon.",
    )


@pytest.fixture(params=["the page", "the front page"])
def restriction(request, site, page):
    closed = {"the page": page, "the front page": site.home}[request.param]
    made = PageViewRestriction.objects.create(page=closed, restriction_type="password", password="sesame")
    generation.forget()
    return made


def send(client, data):
    return client.post(ADDRESS, data, headers=SAME)


def shown(response):
    return [words for words in WORDS if words in response.content.decode()]


def open_with_password(client, restriction):
    address = f"/_util/authenticate_with_password/{restriction.pk}/{restriction.page_id}/"
    assert client.post(address, {"password": "sesame", "return_url": "/contact/"}).status_code == 302


def test_a_faulty_form_shows_nothing_of_the_page(client, restriction):
    for data in ({"email": ""}, {"email": "", "whole": "1"}):
        response = send(client, data)
        assert response.status_code == 422
        assert shown(response) == []
    assert send(client, SHORT | {"email": ""}).context["form"]["message"].value() == "Where is the plan?"


@pytest.mark.parametrize("whole", [{}, {"whole": "1"}])
def test_a_message_reaches_the_team_and_its_thanks_show_nothing_of_the_page(client, restriction, whole):
    response = send(client, SHORT | whole)
    assert shown(client.get(response["Location"])) == []
    enquiry = Enquiry.objects.get()
    assert (enquiry.message, str(enquiry.department)) == ("Where is the plan?", "Press")
    acknowledgement, notification = QueuedMail.objects.order_by("pk")
    assert acknowledgement.recipients == "reader@example.org"
    assert b"We answer soon" not in bytes(acknowledgement.raw)
    assert notification.recipients == "press@portal.example\ndesk@portal.example"


def test_who_has_opened_the_page_writes_with_all_of_its_form(client, page, restriction):
    open_with_password(client, restriction)
    _press, secretariat = (child.value["department"] for child in page.departments)
    faulty = send(client, FILLED | {"email": ""})
    assert {"The introduction", "020 7946", "We keep it", "Your post", "The Press"} <= set(shown(faulty))
    thanks = client.get(send(client, FILLED | {"department": secretariat.pk})["Location"])
    assert shown(thanks) == ["Thanks, all"]
    assert Enquiry.objects.get().department == secretariat


def test_the_address_of_the_form_leads_to_the_page_that_asks_for_the_password(client, restriction):
    assert client.get(ADDRESS)["Location"] == "/contact/"
