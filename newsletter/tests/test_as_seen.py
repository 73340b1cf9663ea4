"""An issue is sent or scheduled as it stood on the page where somebody said so."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from newsletter.models import Issue
from newsletter.tests.editing import address, form_of, make_issue, sign_in
from portal import roles
from tests.factories import make_article
from tests.pages import soup_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def mail_in_memory(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.NEWSLETTER_PER_MINUTE = 0


@pytest.fixture
def issue(client, site, subscriber):
    sign_in(client, roles.EDITORS)
    return make_issue(make_article(site, "A new plan"), topic=site.topic)


def form_of_button(client, issue, name):
    """Return (address, data) of what the button on the page of an issue sends."""
    page, button = {"send": ("send", "Yes, send it"), "schedule": ("show", "Schedule")}[name]
    found = soup_of(client.get(address(page, issue))).find("button", string=button)
    moment = timezone.localtime() + timedelta(days=1)
    data = {"action": "schedule", "send_at": moment.strftime("%Y-%m-%dT%H:%M")} if name == "schedule" else {}
    return found.find_parent("form")["action"], data


@pytest.mark.parametrize("name", ["send", "schedule"])
@pytest.mark.parametrize("what", ["words and audience", "articles"])
def test_what_a_colleague_changed_after_the_question_is_not_sent(client, site, issue, name, what):
    button = form_of_button(client, issue, name)
    articles = [make_article(site, "Another plan")] if what == "articles" else []
    fields = {"topic": str(site.topic.pk)} if what == "articles" else {"subject": "Half d", "topic": ""}
    client.post(address("edit", issue), form_of(issue, *articles, **fields))
    told = client.post(*button, follow=True).content.decode()
    assert "This issue was changed after you opened that page" in told
    issue.refresh_from_db()
    assert (issue.state, mail.outbox) == (Issue.State.DRAFT, [])


@pytest.mark.parametrize(("name", "state"), [("send", Issue.State.SENT), ("schedule", Issue.State.SCHEDULED)])
def test_what_stood_there_is_done(client, issue, name, state):
    client.post(*form_of_button(client, issue, name))
    issue.refresh_from_db()
    assert issue.state == state
