"""No stale byte: 200 random editing acts, each followed by a look at both hosts; `make soak` does 10,000."""

import os

import pytest

from tests.soak.hosts import new_database
from tests.soak.run import Run, State, report

pytestmark = [pytest.mark.processes, pytest.mark.database]
DATABASE_URL = os.environ.get("DATABASE_URL")
ACTS = int(os.environ.get("ACTS") or 200)
SEED = os.environ.get("SEED")
# Of the addresses that the second host is asked for after each act; `make soak` asks it for all.
SECOND_HOST_SHARE = 1 / 3


@pytest.mark.timeout(3600)
def test_no_answer_is_older_than_the_act_before_it(tmp_path):
    state = State.kept_in(None, int(SEED) if SEED else None)
    print(f"SEED={state.seed}")
    database_url = new_database(DATABASE_URL) if DATABASE_URL else None
    Run(tmp_path, state, database_url, SECOND_HOST_SHARE).to(ACTS)
    print(report(state))
    assert state.differences == []
    assert state.failed == []
    assert sum(state.counts.values()) == ACTS
