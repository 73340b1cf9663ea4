"""What the tests of the search share."""

import pytest

from search import ledger


@pytest.fixture(autouse=True)
def patient():
    """A busy machine is no fault of the search; who tests the deadline sets one."""
    # Of its own, as a test may undo what its own monkeypatch did.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("search.engine.deadline.SECONDS", 60)
        yield


@pytest.fixture
def own_ledger(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    monkeypatch.setattr(ledger, "NAME", "searches-of-a-test")
    return settings.VAR_DIR
