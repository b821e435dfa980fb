"""Ingest is total: whatever a message is, no INSERT fails and no message is lost or misread."""

from __future__ import annotations

import random
from itertools import cycle, islice

import pytest
from hypothesis import HealthCheck, given, settings

from tests.ingest import malformed
from tests.ingest.messages import TIME, assignment, encoded, event, wrapped
from tests.ingest.mutations import batches, is_no_assignment

pytestmark = pytest.mark.slow

BAD, GOOD = 10_000, 300
EVENTS = """
    SELECT event_id, experiment_id, variant_id, user_id, event_type, toString(timestamp), value,
        page, version, is_deleted
    FROM events_processed ORDER BY version"""
ASSIGNMENTS = """
    SELECT assignment_id, experiment_id, variant_id, user_id, toString(assigned_at), context,
        version, is_deleted
    FROM assignments_processed ORDER BY version"""
REJECTED = "SELECT offset, reason FROM rejected_messages WHERE remedy != '' ORDER BY offset"


def events_of(numbers):
    when = TIME.replace("T", " ").rstrip("Z")
    return [
        [
            f"event-{n}",
            "checkout",
            "green",
            f"user-{n % 50}",
            "conversion",
            when,
            12.5,
            "/pay",
            n,
            0,
        ]
        for n in numbers
    ]


def assignments_of(numbers):
    when = "2026-03-01 09:00:00.000000"
    return [
        [f"assignment-{n}", "checkout", "green", f"user-{n % 50}", when, '{"country":"de"}', n, 0]
        for n in numbers
    ]


def mixture():
    """Messages in a strange order, each with the reason why it is rejected, if it is."""
    good = range(1, GOOD + 1)
    messages = [(encoded(event(n)), None) for n in good]
    messages += [(encoded(wrapped(assignment(n))), None) for n in good]
    for number, kind in enumerate(islice(cycle(malformed.KINDS), BAD)):
        messages.append((malformed.message(kind, number), malformed.KINDS[kind][0]))
    random.Random(7).shuffle(messages)
    return messages


@pytest.mark.parametrize("inserts", [1, 7])
def test_malformed_messages_are_rejected_and_good_ones_land(pipeline, inserts):
    messages = mixture()
    offsets = []
    for part in range(inserts):
        offsets += pipeline.insert(text for text, _ in messages[part::inserts])

    reasons = [reason for part in range(inserts) for _, reason in messages[part::inserts]]
    expected = [[o, r] for o, r in zip(offsets, reasons, strict=True) if r]
    assert pipeline.rows(REJECTED) == expected
    assert pipeline.rows(EVENTS) == events_of(range(1, GOOD + 1))
    assert pipeline.rows(ASSIGNMENTS) == assignments_of(range(1, GOOD + 1))


def test_aggregates_count_the_good_ones_only(pipeline):
    pipeline.insert(text for text, _ in mixture())

    counted = "SELECT uniqExactMerge(events), uniqExactMerge(users) FROM "
    assert pipeline.rows(counted + "experiment_hourly_stats") == [[GOOD, 50]]
    assert pipeline.rows(counted + "experiment_daily_stats") == [[GOOD, 50]]
    assert pipeline.rows(
        "SELECT sum(events_ingested), sum(assignments_ingested), "
        "uniqExact(user_id) FROM user_experiment_stats"
    ) == [[GOOD, GOOD, 50]]


def test_a_rejected_message_is_kept_byte_for_byte(pipeline):
    message = malformed.message("no UTF-8", 1)

    pipeline.insert([message])

    assert pipeline.rows("SELECT hex(message) FROM rejected_messages") == [message.hex().upper()]


def test_a_value_of_a_megabyte_lands(pipeline):
    pipeline.insert([encoded(event(1, session_id="x" * 1_000_000))])

    assert pipeline.rows("SELECT length(session_id) FROM events_processed") == [1_000_000]


def test_a_byte_order_mark_before_an_event_is_no_harm(pipeline):
    pipeline.insert([b"\xef\xbb\xbf" + encoded(event(1))])

    assert pipeline.rows(EVENTS) == events_of([1])


def test_a_thousand_months_fit_one_insert(pipeline):
    months = [f"{1970 + n // 12}-{1 + n % 12:02d}-15T10:00:00Z" for n in range(1000)]

    pipeline.insert(encoded(event(n, timestamp=month)) for n, month in enumerate(months))

    counted = "SELECT uniqExact(toStartOfMonth(timestamp)) FROM events_processed"
    assert pipeline.rows(counted) == [1000]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"type": "CouponIssued"}, {"op": "c"}),
        ({}, {"op": "u"}),
        ({}, {"op": "d"}),
    ],
)
def test_what_is_no_assignment_in_the_outbox_lands_nowhere(pipeline, row, kind):
    pipeline.insert([encoded(assignment(1, row=row) | kind)])

    places = ("events_processed", "assignments_processed", "rejected_messages")
    assert [pipeline.rows(f"SELECT count() FROM {place}") for place in places] == [[0]] * 3


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches())
def test_a_changed_message_lands_in_exactly_one_place(database, messages):
    for table in database.tables:
        database.server.sql(f"TRUNCATE TABLE {table}")
    offsets = database.insert(messages)

    events = set(map(int, database.rows("SELECT version FROM seen_events_processed")))
    assignments = set(map(int, database.rows("SELECT version FROM seen_assignments_processed")))
    rejected = set(map(int, database.rows("SELECT offset FROM rejected_messages")))
    for number, (message, offset) in enumerate(zip(messages, offsets, strict=True), 1):
        places = (number in events) + (number in assignments) + (offset in rejected)
        assert places == 1 or (places == 0 and is_no_assignment(message)), message
