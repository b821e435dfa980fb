"""What experiments are made of: the values at which reports go wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOW = datetime.now(UTC).replace(microsecond=0)
MICROSECOND = timedelta(microseconds=1)

NAMES = [
    "checkout",
    "größe 🛒",
    "it's",
    'say "hi"',
    "tab\there",
    "back\\slash\\n",
    "line\nbreak",
    "x" * 300,
    "%_*?",
    "NULL",
    "0",
    " padded ",
]

# an allocation of 0 leaves a variant out of the sample ratio
ALLOCATIONS = [1.0, 1.0, 1.0, 0.5, 0.25, 2.0, 33.3, 0.0]

# borders of hours, days, months and leap years; and the windows of traffic_allocation
MOMENTS = [
    datetime(2026, 1, 30, 23, 30, tzinfo=UTC),
    datetime(2024, 2, 28, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2025, 12, 31, 22, 59, 50, 500, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
    NOW - timedelta(minutes=15),
    NOW - timedelta(hours=12),
    NOW - timedelta(days=3),
    NOW - timedelta(days=20),
]

# on these a report decides: validity, an engaged session, a session's end, a touch
BORDERS = [timedelta(), timedelta(seconds=10), timedelta(minutes=30), timedelta(days=30)]
GAPS = [
    *BORDERS * 4,
    MICROSECOND,
    -MICROSECOND,
    timedelta(seconds=1),
    timedelta(seconds=10, milliseconds=1),
    timedelta(seconds=10, microseconds=400),
    timedelta(minutes=30) + MICROSECOND,
    timedelta(hours=1),
    timedelta(hours=7, minutes=13, microseconds=123457),
    timedelta(days=1),
    timedelta(days=7),
    timedelta(days=30) - MICROSECOND,
    timedelta(days=31),
    timedelta(days=95),
    timedelta(hours=-2),
]

TYPES = [*["exposure", "conversion"] * 3, "page_view", "click", "Conversion", "ü"]

# the texts of JSON values
VALUES = [
    None,
    "null",
    "5",
    "12.5",
    "0.1",
    "0.57",
    '"5.5"',
    '"-3.25"',
    "true",
    "1e400",
    "-20",
    "-0.0001",
    "1.99999",
    '"1.99999"',
    "1.2345678901234567",
    "1e3",
    "12345678.9012",
    '"five"',
    '""',
    "[1]",
    "0",
]
PAGES = [None, "null", '"/"', "\"/checkout?a=b&c='d'\"", '"/größe"', '""', '"(none)"', '"a\\tb"']
