"""Departments: who sees their enquiries, in every view and file, and who looks after them."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from contact.inbox.permissions import people
from contact.models import Department, Enquiry
from contact.tests.inbox import enquiry_from, person
from portal import roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LIST = "/admin/enquiries/"


@pytest.fixture
def house(site):
    """An enquiry of nobody, of an open department, of two closed ones; an editor of the press, one of neither."""
    press_group, people_group = (Group.objects.create(name=name) for name in ("Press", "People"))
    departments = {
        name: Department.objects.create(name=name, recipients=f"{name}@portal.example")
        for name in ("open", "press", "people")
    }
    departments["press"].groups.add(press_group)
    departments["people"].groups.add(people_group)
    site.departments = departments
    site.enquiries = {name: enquiry_from(name, department=department) for name, department in departments.items()}
    site.enquiries["nobody"] = enquiry_from("nobody")
    site.editor = person("editor", roles.EDITORS)
    site.press = person("press", roles.EDITORS, "Press")
    return site


def shown(client, path):
    return {row.message for row in client.get(path).context["object_list"]}


def test_people_see_open_departments_and_those_of_their_groups(client, house, admin_user):
    for user, expected in (
        (house.editor, {"nobody", "open"}),
        (house.press, {"nobody", "open", "press"}),
        (admin_user, {"nobody", "open", "press", "people"}),
    ):
        client.force_login(user)
        assert shown(client, f"{LIST}?state=") == expected
        assert shown(client, f"{LIST}results/?state=") == expected
        assert client.get(f"{LIST}?state=").context["tabs"][0]["number"] == len(expected)
        assert f"Enquiries ({len(expected)})" in client.get("/admin/").content.decode()
        csv = b"".join(client.get(f"{LIST}?export=csv").streaming_content).decode()
        assert {name for name, enquiry in house.enquiries.items() if enquiry.reference in csv} == expected


@pytest.mark.parametrize(
    "data",
    [
        {"action": "assign", "person": ""},
        {"action": "move", "department": ""},
        {"action": "note", "note": "Hello"},
        {"action": "reply", "seen": "0", "reply": "Hello"},
        {"action": "hold"},
        {"action": "rescue"},
        {"action": "close"},
    ],
)
def test_closed_enquiry_is_not_there_for_others_whatever_they_ask(client, house, data):
    client.force_login(house.editor)
    closed = house.enquiries["press"]
    address = reverse("enquiry_inbox:show", args=[closed.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, data).status_code == 404
    client.post(reverse("enquiry_inbox:several"), {"action": "hold", "enquiry": [closed.pk]})
    closed.refresh_from_db()
    assert (closed.state, closed.department) == ("new", house.departments["press"])
    assert not closed.thread.exists()
    client.force_login(house.press)
    assert client.get(address).status_code == 200


def test_closed_enquiry_is_removed_by_nobody_who_may_not_see_it(client, house):
    house.editor.user_permissions.add(Permission.objects.get(codename="delete_enquiry"))
    client.force_login(house.editor)
    assert client.post(reverse("enquiry_inbox:delete", args=[house.enquiries["people"].pk])).status_code == 404
    client.post(reverse("enquiry_inbox:delete", args=[house.enquiries["open"].pk]))
    assert set(Enquiry.objects.values_list("message", flat=True)) == {"nobody", "press", "people"}


def test_who_may_only_look_changes_nothing(client, house):
    reader = person("reader")
    for codename in ("access_admin", "view_enquiry"):
        reader.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(reader)
    address = reverse("enquiry_inbox:show", args=[house.enquiries["open"].pk])
    html = client.get(address).content.decode()
    assert 'name="action"' not in html
    assert 'name="action"' not in client.get(f"{LIST}?state=").content.decode()
    ajax = {"x-requested-with": "XMLHttpRequest"}
    several = reverse("enquiry_inbox:several")
    assert client.post(address, {"action": "hold"}, headers=ajax).status_code == 403
    assert client.post(several, {"action": "hold", "enquiry": [1]}, headers=ajax).status_code == 403
    delete = reverse("enquiry_inbox:delete", args=[house.enquiries["open"].pk])
    assert client.post(delete, headers=ajax).status_code == 403
    assert Enquiry.objects.filter(state="new").count() == 4


@pytest.mark.parametrize("name", ["index", "results", "show", "delete", "several"])
def test_who_has_no_right_opens_nothing(client, house, name):
    client.force_login(person("author", roles.AUTHORS))
    address = reverse(
        f"enquiry_inbox:{name}", args=[house.enquiries["nobody"].pk] if name in ("show", "delete") else []
    )
    for query in ("?state=", "?export=csv", "?export=xlsx"):
        response = client.get(address + query, headers={"x-requested-with": "XMLHttpRequest"})
        assert response.status_code in (403, 404, 405)
    assert client.post(address, {"action": "hold"}, headers={"x-requested-with": "XMLHttpRequest"}).status_code in (
        *(403, 404, 405),
    )
    assert client.get(address).status_code in (302, 404, 405)


def test_posts_without_a_token_are_refused(house):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(house.press)
    for name, args in (("show", [house.enquiries["open"].pk]), ("several", [])):
        assert client.post(reverse(f"enquiry_inbox:{name}", args=args), {"action": "hold"}).status_code == 403


def test_enquiries_are_assigned_only_to_people_who_may_see_them(client, house, admin_user):
    assert set(people(house.departments["press"])) == {house.press, admin_user}
    assert {house.editor, house.press} < set(people(house.departments["open"]))
    client.force_login(house.press)
    closed = house.enquiries["press"]
    address = reverse("enquiry_inbox:show", args=[closed.pk])
    assert client.post(address, {"action": "assign", "person": house.editor.pk}).status_code == 422
    client.post(reverse("enquiry_inbox:several"), {"action": f"assign:{house.editor.pk}", "enquiry": [closed.pk]})
    closed.refresh_from_db()
    assert closed.assigned_to is None


def test_who_hands_over_to_a_closed_department_no_longer_has_it(client, house):
    client.force_login(house.editor)
    enquiry = house.enquiries["open"]
    address = reverse("enquiry_inbox:show", args=[enquiry.pk])
    client.post(address, {"action": "assign", "person": house.editor.pk})
    response = client.post(address, {"action": "move", "department": house.departments["people"].pk})
    assert response["Location"] == LIST
    enquiry.refresh_from_db()
    assert (enquiry.department, enquiry.assigned_to, enquiry.state) == (house.departments["people"], None, "new")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("state", "told"), [("new", 1), ("assigned", 1), ("answered", 0), ("spam", 0)])
def test_the_department_to_which_an_enquiry_is_moved_is_told_if_it_waits(client, house, state, told):
    client.force_login(house.editor)
    enquiry = house.enquiries["open"]
    Enquiry.objects.filter(pk=enquiry.pk).update(state=state, assigned_to=house.editor)
    address = reverse("enquiry_inbox:show", args=[enquiry.pk])
    for _press in range(2):
        client.post(address, {"action": "move", "department": house.departments["press"].pk})
    mails = enquiry.thread.filter(kind="notification").values_list("mail__recipients", flat=True)
    assert list(mails) == ["press@portal.example"] * told


def test_editors_make_departments_in_the_settings(client, house):
    client.force_login(house.editor)
    assert "/admin/snippets/contact/department/" in client.get("/admin/").content.decode()
    address = reverse("wagtailsnippets_contact_department:add")
    data = {"name": "Events", "recipients": "a@portal.example\nnobody", "groups": []}
    response = client.post(address, data)
    assert "is not an e-mail address" in response.content.decode()
    client.post(address, data | {"recipients": "a@portal.example\nb@portal.example"})
    assert Department.objects.get(name="Events").addresses == ["a@portal.example", "b@portal.example"]
    client.force_login(person("author", roles.AUTHORS))
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("view", ["edit", "delete", "usage", "history"])
def test_closed_department_is_not_there_for_others(client, house, view):
    client.force_login(house.editor)
    name = f"wagtailsnippets_contact_department:{view}"
    form = {"name": "Press", "recipients": "editor@portal.example"}
    for department in (house.departments["press"], house.departments["people"]):
        address = reverse(name, args=[department.pk])
        assert client.get(address).status_code == client.post(address, form).status_code == 302
        department.refresh_from_db()
        assert department.recipients == f"{department.name}@portal.example"
        assert department.groups.count() == 1
    assert client.get(reverse(name, args=[house.departments["open"].pk])).status_code == 200
    house.enquiries["press"].delete()
    client.force_login(house.press)
    assert client.get(reverse(name, args=[house.departments["press"].pk])).status_code == 200


def test_list_of_departments_has_those_that_are_open_to_a_person(client, house, admin_user):
    house.departments["press"].groups.add(Group.objects.get(name=roles.EDITORS))
    for user, expected in (
        (house.editor, {"open", "press"}),
        (house.press, {"open", "press"}),
        (admin_user, {"open", "press", "people"}),
    ):
        client.force_login(user)
        rows = list(client.get(reverse("wagtailsnippets_contact_department:list")).context["object_list"])
        assert {row.name for row in rows} == expected
        assert len(rows) == len(expected)


def test_several_departments_are_deleted_only_where_they_are_open_to_the_person(client, house):
    Enquiry.objects.all().delete()
    client.force_login(house.editor)
    ids = "&".join(f"id={department.pk}" for department in house.departments.values())
    client.post(f"/admin/bulk/contact/department/delete/?{ids}")
    assert set(Department.objects.values_list("name", flat=True)) == {"press", "people"}


def test_group_that_keeps_a_department_closed_is_not_deleted(client, house, admin_user):
    client.force_login(admin_user)
    group = Group.objects.get(name="Press")
    address = reverse("wagtailusers_groups:delete", args=[group.pk])
    assert "it keeps their enquiries closed: press" in client.post(address, follow=True).content.decode()
    with pytest.raises(ProtectedError), transaction.atomic():
        Group.objects.all().delete()
    assert Group.objects.filter(name="Press").exists()
    house.departments["press"].groups.clear()
    client.post(address)
    assert not Group.objects.filter(name="Press").exists()


def test_closed_department_with_enquiries_is_not_deleted(client, house, admin_user):
    client.force_login(admin_user)

    def delete(name):
        address = reverse("wagtailsnippets_contact_department:delete", args=[house.departments[name].pk])
        return client.post(address, follow=True)

    assert "Move the enquiries of this department" in delete("press").content.decode()
    assert Department.objects.filter(name="press").exists()
    house.enquiries["people"].delete()
    delete("people")
    delete("open")
    assert set(Department.objects.values_list("name", flat=True)) == {"press"}
    house.enquiries["open"].refresh_from_db()
    assert house.enquiries["open"].department is None
