"""Values that are no money, and the versions of an event in any order of arrival."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

from tests.ingest.messages import TIME, encoded, event, event_row

pytestmark = pytest.mark.slow  # every order of every kind

LIVE = "SELECT experiment_id, user_id, event_type FROM events_processed FINAL"
ORDERS = list(permutations(range(3)))
MOVES = {"user_id": "another", "experiment_id": "pricing"}

SCORES = [2**31, -(2**31) - 1, 2**64 - 1, 1e300, "99999999999", "high"]
VALUES = [
    ("{}", None),
    ('{"value": null}', None),
    ('{"value": "5.5"}', 5.5),
    ('{"value": 5.5}', 5.5),
    ('{"value": -3}', -3),
    ('{"value": ".5"}', 0.5),
    ('{"value": 99999999999999.99}', 99999999999999.98),  # a number of JSON is a Float64
    ('{"value": "99999999999999.99"}', 99999999999999.99),
    ('{"value": true}', None),
    ('{"value": 1e400}', None),
    ('{"value": "1e400"}', None),
    ('{"value": 1e17}', None),
    ('{"value": 18446744073709551615}', None),
    ('{"value": 18446744073709551616}', None),
    ('{"value": "NaN"}', None),
    ('{"value": "inf"}', None),
    ('{"value": "."}', None),
    ('{"value": "e5"}', None),
    ('{"value": "-"}', None),
    ('{"value": "5.5 EUR"}', None),
    ('{"value": ""}', None),
    ('{"value": [5.5]}', None),
    ('{"value": {"amount": 5.5}}', None),
    ('["value", 5.5]', None),
    ("no JSON", None),
    ("", None),
]


@pytest.fixture
def each(pipeline):
    """One INSERT for each message."""

    def insert(*messages):
        for message in messages:
            pipeline.insert([encoded(message)])
        return pipeline

    return insert


def test_a_value_that_is_no_number_or_too_large_is_null(pipeline):
    pipeline.insert(encoded(event(n, properties=text)) for n, (text, _) in enumerate(VALUES))

    read = pipeline.rows("SELECT value FROM events_processed ORDER BY version")
    assert list(zip(VALUES, read, strict=True)) == [(pair, pair[1]) for pair in VALUES]


def test_a_score_too_large_or_no_number_is_null(pipeline):
    written = [json.dumps({"score": score}) for score in SCORES]

    pipeline.insert(encoded(event(n, properties=text)) for n, text in enumerate(written))

    assert pipeline.rows("SELECT score FROM events_processed") == [None] * len(SCORES)


def in_every_order(pipeline, history_of):
    """Three INSERTs; for each order of arrival an event of its own, by its number."""
    for turn in range(3):
        pipeline.insert(
            encoded(history_of(number)[order[turn]]) for number, order in enumerate(ORDERS)
        )


@pytest.mark.parametrize("key", MOVES)
def test_a_moved_event_leaves_nothing_at_its_old_place(pipeline, key):
    def moved(number):
        old, new = event_row(number), event_row(number) | {key: MOVES[key]}
        later = new | {"event_type": "exposure"}
        return [
            event(1, **old),
            event(2, op="u", before=old, **new),
            event(3, op="u", before=new, **later),
        ]

    in_every_order(pipeline, moved)

    rows = [event_row(number) | {key: MOVES[key]} for number in range(len(ORDERS))]
    expected = [[row["experiment_id"], row["user_id"], "exposure"] for row in rows]
    assert pipeline.rows(f"{LIVE} ORDER BY event_id") == expected


def test_the_newest_lsn_wins_in_any_order(pipeline):
    versions = ["click", "exposure", "conversion"]

    in_every_order(
        pipeline,
        lambda number: [
            event(9 + n, **event_row(number) | {"event_type": versions[n]}) for n in range(3)
        ],
    )

    live = pipeline.rows("SELECT event_type FROM events_processed FINAL")
    assert live == ["conversion"] * len(ORDERS)


def test_a_delete_that_comes_before_its_create_still_deletes(each):
    pipeline = each(event(2, op="d", **event_row(1)), event(1))

    assert pipeline.rows(LIVE) == []


@pytest.mark.parametrize("key", ["id", "experiment_id", "user_id"])
def test_an_old_row_with_a_key_that_is_no_text_deletes_nothing(each, key):
    before = event_row(1) | {key: 7}

    pipeline = each(event(1, **{key: "7"}), event(2, op="u", before=before, **event_row(1)))

    assert pipeline.rows(
        f"SELECT {'event_id' if key == 'id' else key} FROM events_processed FINAL WHERE version = 1"
    ) == ["7"]
    assert pipeline.rows("SELECT max(is_deleted) FROM events_processed") == [0]


def test_a_time_of_the_assignment_that_is_none_is_null(each):
    pipeline = each(event(1, assignment_at="2026-02-30T00:00:00Z"))

    assert pipeline.rows("SELECT assignment_at, is_valid FROM events_processed") == [[None, True]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (TIME, "2026-03-01 10:00:00.123456"),
        ("2026-03-01T10:00:00+05:30", "2026-03-01 04:30:00.000000"),
        ("2026-03-01 10:00:00-08", "2026-03-01 18:00:00.000000"),
        ("1970-01-01T00:00:00Z", "1970-01-01 00:00:00.000000"),
        ("2105-12-31T23:59:59.999999Z", "2105-12-31 23:59:59.999999"),
    ],
)
def test_times_are_read_with_their_offset_and_counted_in_their_hour(each, written, read):
    pipeline = each(event(1, timestamp=written, assignment_at=None))

    assert pipeline.rows("SELECT toString(timestamp) FROM events_processed") == [read]
    hour = f"{read[:13]}:00:00"
    assert pipeline.rows("SELECT toString(hour) FROM experiment_hourly_stats") == [hour]
