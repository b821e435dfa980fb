"""The health of a connector, as its worker reports it."""

import pytest

from analytics.kafka.health import Status


@pytest.mark.parametrize(
    ("state", "tasks", "runs"),
    [
        ("RUNNING", ("RUNNING",), True),
        ("RUNNING", (), False),
        ("RUNNING", ("FAILED",), False),
        ("RUNNING", ("RUNNING", "RUNNING"), False),
        ("PAUSED", ("RUNNING",), False),
    ],
)
def test_it_runs_with_exactly_one_running_task(state, tasks, runs):
    assert Status(state, tasks, "").runs is runs
