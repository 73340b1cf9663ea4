"""What the tests of the search share."""

import pytest

from search import ledger
from search.views import seen


@pytest.fixture
def own_ledger(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    monkeypatch.setattr(ledger, "NAME", "searches-of-a-test")
    seen.LIMIT.forget()
    return settings.VAR_DIR
