"""Enquiries and people, for the tests of the inbox."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from contact.models import Enquiry
from core import addresses


def enquiry_from(message, email="reader@example.org", **fields):
    """Return a stored enquiry."""
    return Enquiry.objects.create(
        message=message,
        email=email,
        address_key=addresses.key(email) if email else "",
        language=fields.pop("language", "en"),
        **fields,
    )


def person(name, *groups):
    """Return a new member of some groups."""
    user = get_user_model().objects.create_user(name, f"{name}@portal.example", "secret")
    user.groups.add(*Group.objects.filter(name__in=groups))
    return user
