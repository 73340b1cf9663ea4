"""What several of these tests start from."""

from io import StringIO

import pytest


@pytest.fixture
def demo(db, settings, monkeypatch):
    """The demo content, loaded as `make run` does, without making its pictures."""
    from core import pictures

    monkeypatch.setattr(pictures, "prepare", lambda image, at_once=True: None)
    from portal import roles, site
    from portal.demo import loader

    home = site.ensure()
    assert loader.load(home, StringIO())
    roles.ensure()
