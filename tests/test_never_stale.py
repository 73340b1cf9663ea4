"""No stale byte: 200 editing acts, each followed by a look at both hosts; `make soak` does 10,000, others each time."""

import os

import pytest

from tests.run import redis
from tests.soak.hosts import new_database
from tests.soak.run import Run, State, report

pytestmark = [pytest.mark.processes, pytest.mark.database]
DATABASE_URL = os.environ.get("DATABASE_URL")
ACTS = int(os.environ.get("ACTS") or 200)
SEED = int(os.environ.get("SEED") or 370)
# Of the addresses that the second host is asked for after each act; `make soak` asks it for all.
SECOND_HOST_SHARE = 1 / 3


@pytest.mark.timeout(3600)
def test_no_answer_is_older_than_the_act_before_it(tmp_path):
    state = State.kept_in(None, SEED)
    print(f"SEED={state.seed}")
    if DATABASE_URL:
        with redis() as cache_url:
            Run(tmp_path, state, new_database(DATABASE_URL), SECOND_HOST_SHARE, cache_url).to(ACTS)
    else:
        Run(tmp_path, state, None, SECOND_HOST_SHARE).to(ACTS)
    print(report(state))
    assert state.differences == []
    assert state.failed == []
    assert sum(state.counts.values()) == ACTS
