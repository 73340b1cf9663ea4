"""Two people have the same form of the admin open: nobody writes over what they have not seen."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.admin.views.generic import EditView
from wagtail.contrib.redirects.models import Redirect

from contact.models import Department
from core.models import Document, Robots
from newsletter.models import Digest
from search.models import PromotedResult, SynonymGroup
from tests.factories import make_image
from tests.pages import soup_of
from tests.soak.admin_acts import fields

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def image(locale):
    return "wagtailimages:edit", make_image("Harbour"), {"credit": "Mine"}, {"rights_expire_on": "2026-01-01"}


def document(locale):
    row = Document.objects.create(title="Plan", file=ContentFile(b"The plan", "plan.txt"))
    return "wagtaildocs:edit", row, {"title": "Mine"}, {"title": "Theirs"}


def digest(locale):
    row = Digest.objects.create(locale=locale, frequency="weekly", subject="News", greeting="<p>Hello</p>")
    return "newsletter_digest:edit", row, {"subject": "Mine"}, {"hour": "11"}


def synonyms(locale):
    row = SynonymGroup.objects.create(locale=locale, words="sea, ocean")
    return "wagtailsnippets_search_synonymgroup:edit", row, {"words": "sea, water"}, {"words": "sea, main"}


def promoted_result(locale):
    row = PromotedResult.objects.create(locale=locale, queries="sea", url="https://example.org/", title="Sea")
    return "wagtailsnippets_search_promotedresult:edit", row, {"title": "Mine"}, {"description": "Theirs"}


def department(locale):
    row = Department.objects.create(name="Press", recipients="press@example.org")
    theirs = {"recipients": "theirs@example.org", "groups": [Group.objects.first().pk]}
    return "wagtailsnippets_contact_department:edit", row, {"name": "Mine"}, theirs


def robots(locale):
    row = Robots.objects.create()
    mine, theirs = {"rules": "User-agent: mine"}, {"rules": "User-agent: theirs"}
    return "wagtailsettings:edit", row, mine, theirs


def redirect(locale):
    row = Redirect.objects.create(old_path="/old", redirect_link="https://example.org/")
    return "wagtailredirects:edit", row, {"old_path": "/mine"}, {"redirect_link": "https://example.org/theirs"}


def user(locale):
    row = get_user_model().objects.create_user("eve", "eve@example.org", "secret", first_name="Eve", last_name="Evans")
    return "wagtailusers_users:edit", row, {"first_name": "Mine"}, {"is_active": None}


def group(locale):
    return "wagtailusers_groups:edit", Group.objects.create(name="Press"), {"name": "Mine"}, {"name": "Theirs"}


FORMS = [image, document, digest, synonyms, promoted_result, department, robots, redirect, user, group]


class Person:
    """Somebody who opened a form, and sends it as it stands on their page then."""

    def __init__(self, client, address):
        self.client = client
        self.look(client.get(address))

    def look(self, response):
        self.action = soup_of(response).select_one("form[data-edit-form]")["action"]
        self.form = {}
        for name, value in fields(response.content.decode()):
            self.form.setdefault(name, []).append(value)

    def save(self, changes):
        self.form = {name: value for name, value in (self.form | changes).items() if value is not None}
        return self.client.post(self.action, self.form)


def stored(row):
    names = [field.name for field in row._meta.many_to_many]
    [values] = type(row)._base_manager.filter(pk=row.pk).values()
    return values, {name: set(getattr(row, name).all()) for name in names}


def opened_twice(client, make, locale):
    name, row, mine, theirs = make(locale)
    place = ["core", "robots", row.pk] if make is robots else [row.pk]
    address = reverse(name, args=place)
    return row, (Person(client, address), mine), (Person(client, address), theirs)


@pytest.mark.parametrize("make", FORMS)
def test_nobody_writes_over_what_they_have_not_seen(admin_client, site, make):
    row, (ann, mine), (bob, theirs) = opened_twice(admin_client, make, site.home.locale)
    before = stored(row)
    assert bob.save(theirs).status_code == 302
    between = stored(row)
    assert between != before
    told = ann.save(mine)
    assert told.status_code == 200
    assert "This was changed after you opened it here" in told.content.decode()
    assert stored(row) == between
    ann.look(told)
    assert ann.save({}).status_code == 302
    assert stored(row) != between


def test_rights_that_a_colleague_gave_a_group_are_not_taken_away_unseen(admin_client, site):
    row, (ann, _mine), (bob, _theirs) = opened_twice(admin_client, group, site.home.locale)
    right = soup_of(admin_client.get(bob.action)).select_one("[name*=page_permissions][type=checkbox]")["value"]
    first = {"page_permissions-TOTAL_FORMS": "1", "page_permissions-0-page": str(site.home.pk)}
    bob.save(first | {"page_permissions-0-permissions": right})
    assert row.page_permissions.count() == 1
    assert "This was changed" in ann.save({}).content.decode()
    assert row.page_permissions.count() == 1


def test_wagtail_lets_the_older_form_win(admin_client, site, monkeypatch):
    monkeypatch.setattr(EditView, "get_form", EditView.get_form.__wrapped__)
    row, (ann, mine), (bob, theirs) = opened_twice(admin_client, image, site.home.locale)
    bob.save(theirs)
    assert ann.save(mine).status_code == 302
    assert stored(row)[0]["rights_expire_on"] is None
