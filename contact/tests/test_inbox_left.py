"""What was assigned to somebody who no longer works on it."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from contact.models import Department
from contact.tests.inbox import enquiry_from, person
from portal import roles

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LIST = "/admin/enquiries/"


def listed(client, state):
    return [row.message for row in client.get(f"{LIST}?state={state}").context["object_list"]]


def delete(user):
    user.delete()


def deactivate(user):
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)


def take_right(user):
    user.groups.clear()


def close_department(user):
    Department.objects.get(name="Press").groups.add(Group.objects.create(name="Others"))


@pytest.mark.parametrize("lose", [delete, deactivate, take_right, close_department])
def test_what_waits_for_somebody_who_no_longer_works_on_it_is_new(client, site, admin_user, lose):
    client.force_login(admin_user)
    press = Department.objects.create(name="Press", recipients="press@portal.example")
    bob = person("bob", roles.EDITORS)
    enquiry = enquiry_from("Waiting", department=press, assigned_to=bob, state="assigned")
    enquiry_from("Answered", department=press, assigned_to=bob, state="answered")
    enquiry_from("At work", department=press, assigned_to=admin_user, state="assigned")
    assert listed(client, "new") == []
    lose(bob)
    response = client.get(LIST, follow=True)
    assert [row.message for row in response.context["object_list"]] == ["Waiting"]
    assert [tab["number"] for tab in response.context["tabs"]] == [1, 1, 1, 0, 3]
    assert "Enquiries (1)" in response.content.decode()
    assert listed(client, "assigned") == ["At work"]
    assert listed(client, "new&assigned_to=nobody") == ["Waiting"]
    assert listed(client, "&assigned_to=me") == ["At work"]
    assert (
        '<h2 id="inbox-state">New</h2>' in client.get(reverse("enquiry_inbox:show", args=[enquiry.pk])).content.decode()
    )
    rows = b"".join(client.get(f"{LIST}?state=new&export=csv").streaming_content).decode().splitlines()
    assert [",New,Press," in row for row in rows] == [False, True]


def test_members_of_a_closed_department_keep_what_is_theirs(client, site):
    editor = person("editor", roles.EDITORS)
    client.force_login(editor)
    group = Group.objects.create(name="Complaints")
    department = Department.objects.create(name="Complaints", recipients="c@portal.example")
    department.groups.add(group, Group.objects.create(name="Board"))
    editor.groups.add(group)
    enquiry_from("Theirs", department=department, assigned_to=editor, state="assigned")
    assert listed(client, "assigned") == ["Theirs"]
    assert listed(client, "new") == []
