"""What the tests of the newsletter start from: mails are sent as soon as they are queued."""

import pytest

from core import addresses
from newsletter.models import Subscriber


@pytest.fixture
def sign_up(client, site, django_capture_on_commit_callbacks):
    """Return a function that signs up at an address, as a browser does, and sends what is queued."""

    def send(address="/newsletter/", headers=None, **fields):
        fields = {"email": "reader@example.org"} | fields
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, fields, headers=headers or {"origin": "http://testserver"})

    return send


@pytest.fixture
def subscriber(site):
    """A confirmed subscriber in English."""
    return Subscriber.objects.create(
        email="reader@example.org",
        address_key=addresses.key("reader@example.org"),
        language="en",
        state=Subscriber.State.ACTIVE,
    )
