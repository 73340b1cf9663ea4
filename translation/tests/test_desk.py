"""The translators' desk: everything that waits for them, however much is done already."""

import re

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation

from core.models import Furniture
from tests.factories import make_article
from translation import desk, wagtail_hooks
from translation.models import Review, Submission
from translation.tests.pages import edit, publish, submitted, translate_all
from translation.tests.people import ARABIC, WELSH, person, roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def state(page):
    """Return the state that the Welsh desk gives an English page, or None where it does not show it."""
    locales = [Locale.objects.get(language_code=code) for code in ("en", "cy")]
    row = desk.listed(Page, *locales).filter(translation_key=page.translation_key).first()
    return row and row.state


def work(action):
    """Return the steps that SQLite's virtual machine makes for an action."""
    steps = []
    connection.connection.set_progress_handler(lambda: steps.append(1), 1)
    try:
        action()
    finally:
        connection.connection.set_progress_handler(None, 1)
    return len(steps)


def test_a_page_costs_the_desk_the_same_however_many_are_translated(client, site):
    """Each page was compared with every sentence of the language: 3,000 pages took minutes."""
    if connection.vendor != "sqlite":
        pytest.skip("counts the steps of SQLite")
    client.force_login(person(WELSH))
    url = f"{reverse('translation:desk')}?into=cy&from=en"
    counted = [work(lambda: client.get(url))]
    for some in (range(6), range(6, 24)):
        for number in some:
            translate_all(submitted(make_article(site, f"Article {number}")))
        counted.append(work(lambda: client.get(url)))
    none, few, many = counted
    assert (many - none) / (few - none) < 4.4, counted


def test_a_sentence_in_review_shows_at_its_page_and_no_other(site):
    plan, other = (make_article(site, title) for title in ("The plan", "Another"))
    for page in (plan, other):
        translate_all(submitted(page))
    for row in StringTranslation.objects.filter(context__path="summary", context__object_id=plan.translation_key):
        Review.objects.create(translation=row, reason="fuzzy")
    assert (state(plan), state(other)) == ("review", "draft")


def test_a_translation_that_was_stopped_waits_for_no_review(client, site, django_capture_on_commit_callbacks):
    plan = make_article(site, "The plan", summary="The plan has eight rules for all of our members.")
    welsh = submitted(plan)
    translate_all(welsh)
    with django_capture_on_commit_callbacks(execute=True):
        publish(welsh)
    with django_capture_on_commit_callbacks(execute=True):
        edit(plan, summary="The plan has nine rules for all of our members.")
    client.force_login(person(WELSH))
    client.post(reverse("wagtail_localize:stop_translation", args=[welsh.pk]))
    assert Review.objects.exists()
    client.post(reverse("translation:up_to_date", args=["wagtailcore", "page", welsh.get_target_instance().pk]))
    assert state(plan) == "done"
    Translation.objects.update(enabled=True)
    assert state(plan) == "review"


def test_what_is_sent_before_it_is_published_is_on_the_desk_and_says_so(client, site):
    """It goes live with its source if it is ready by then, so somebody has to see it."""
    sent, unsent = (make_article(site, title, live=False) for title in ("Sent ahead", "Nobody sent"))
    welsh = submitted(sent)
    assert [state(page) for page in (sent, unsent)] == ["draft", None]
    client.force_login(person(WELSH))
    html = client.get(reverse("translation:desk")).content.decode()
    row = html.split("<strong>Sent ahead</strong>")[1].split("</tr>")[0]
    assert "source is not published yet" in row
    assert client.get(reverse("wagtailadmin_pages:edit", args=[welsh.get_target_instance().pk])).status_code == 200
    assert "not published yet" not in html.replace(row, "")


def test_what_is_sent_before_it_is_published_is_for_those_to_whom_it_was_sent(client, site):
    submitted(make_article(site, "Sent ahead", live=False))
    client.force_login(person(ARABIC))
    assert "Sent ahead" not in client.get(reverse("translation:desk")).content.decode()


def test_what_was_withdrawn_is_no_work(site):
    plan = make_article(site, "The plan")
    submitted(plan)
    Page.objects.get(pk=plan.pk).specific.unpublish()
    assert state(plan) is None


@pytest.mark.parametrize(("source", "into"), [("en", "ar"), ("en", "cy"), ("cy", "ar")])
def test_the_mark_in_the_list_of_pages_leads_to_what_is_out_of_date(
    client, site, source, into, django_capture_on_commit_callbacks
):
    plan = make_article(site, "The plan", language=source)
    translation = submitted(plan, into)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    with django_capture_on_commit_callbacks(execute=True):
        edit(plan, title="Something else entirely")
    client.force_login(person(roles.EDITORS))
    html = client.get(reverse("wagtailadmin_explore", args=[site.news[source].pk])).content.decode()
    (url,) = set(re.findall(rf'href="({reverse("translation:desk")}\?[^"]+)"', html))
    assert "<strong>Something else entirely" in client.get(url.replace("&amp;", "&")).content.decode()


def test_the_mark_leads_translators_to_their_own_language(client, site, django_capture_on_commit_callbacks):
    plan = make_article(site, "The plan")
    for code in ("cy", "ar"):
        translation = submitted(plan, code)
        translate_all(translation)
        with django_capture_on_commit_callbacks(execute=True):
            publish(translation)
    with django_capture_on_commit_callbacks(execute=True):
        edit(plan, title="Something else entirely")
    (button,) = wagtail_hooks.outdated_buttons(plan, person(ARABIC))
    assert "into=ar" in button.url


def test_furniture_of_a_language_that_made_its_own_is_not_offered(client, site):
    english = Furniture.objects.get(locale__language_code="en")
    client.force_login(person(WELSH))
    url = reverse("wagtail_localize:submit_snippet_translation", args=["core", "furniture", english.pk])
    assert f"{url}?" not in client.get(f"{reverse('translation:desk')}?into=cy").content.decode()
    welsh = Locale.objects.get(language_code="cy")
    said = client.post(url, {"locales": [welsh.pk]}, follow=True).content.decode()
    assert "This language has its furniture already: edit that one." in said
    Furniture.objects.filter(locale=welsh).delete()
    assert f"{url}?" in client.get(f"{reverse('translation:desk')}?into=cy").content.decode()


@pytest.mark.parametrize("group", [roles.AUTHORS, roles.EDITORS, WELSH])
def test_what_the_desk_says_is_being_made_ready_can_be_looked_at(client, site, group):
    order = Submission.objects.create(title="Everything")
    client.force_login(person(group))
    url = reverse("translation:submission", args=[order.pk])
    assert url in client.get(reverse("translation:desk")).content.decode()
    assert client.get(url).status_code == 200
