"""Rows for `events`, and what the tables below it must have counted of them."""

from tests.rebuild.stage import Stage

INSERT = """
INSERT INTO events (id, kind, person, value, at, bot)
SELECT number + {start}, number % 7, number % 97, number % 50 - 10,
    toDateTime('2026-01-01', 'UTC') + number * 60, number % 10 = 0
FROM numbers({rows})"""

HOURLY = "SELECT sum(messages), sum(total), uniqExactMerge(people) FROM hourly"
DAILY = "SELECT sum(messages), sum(total), uniqExactMerge(people) FROM daily"
COMPUTED = "SELECT count(), sum(value), uniqExact(person) FROM events WHERE NOT bot OR kind = 1"
EVERYTHING = "SELECT count(), sum(value), uniqExact(person) FROM events"


def insert(stage: Stage, rows: int, start: int = 0) -> None:
    """Rows for `events`."""
    stage.ask(INSERT.format(rows=rows, start=start))
