"""Whether the server was restarted since a snapshot, told from a clock that was set."""

import pytest

from analytics.rebuild.beginning import is_another_start

START, DAY = 1_790_000_000, 86_400


@pytest.mark.parametrize(
    ("uptime", "now", "expected"),
    [
        (10, START, False),
        (10, START + 3, False),
        (10, START + 11, True),
        (0, START + 4, True),
        (DAY, START + 30, False),  # the clock was set
        (DAY, START - 3600, False),  # as after a wrong time zone
        (DAY, START + DAY, True),
    ],
)
def test_a_start_is_another_one_if_it_is_later_by_the_uptime(uptime, now, expected):
    assert is_another_start(START, uptime, now) is expected
