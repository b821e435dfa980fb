"""The pace of the replay: the people of each commit, and the time at which it is written."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from threading import Event
from typing import LiteralString

import psycopg

from analytics.experiments.demo import application
from analytics.experiments.demo.application import Commit
from analytics.experiments.demo.thornton import EXPERIMENT, Person

FIRST = 20  # people who must have arrived before the others are sent
SINGLY = 300  # people after them whose commits are timed
PACE = 40  # of their commits a second
HANDFUL = 4  # people per commit otherwise


def earlier(connection: psycopg.Connection) -> int:
    """The number of assignments of an earlier run."""
    query = "SELECT count(*) FROM experiments.assignments WHERE experiment_id = %s"
    return _number(connection, query, EXPERIMENT)


def position(connection: psycopg.Connection) -> int:
    """The current end of the write-ahead log: rows that are written later have higher versions."""
    return _number(connection, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")


def first(people: Sequence[Person]) -> Sequence[Person]:
    return people[:FIRST]


def commit_first(
    connection: psycopg.Connection, people: Sequence[Person], stop: Event
) -> Iterator[Commit]:
    """Write the first few, so that the others are sent to a pipeline that runs."""
    yield from _by_the_handful(connection, first(people), stop)


def commit_rest(
    connection: psycopg.Connection, people: Sequence[Person], stop: Event
) -> Iterator[Commit]:
    """Write all others: some singly at an application's pace, the rest by the handful."""
    rest = people[FIRST:]
    yield from _singly(connection, rest[:SINGLY], stop)
    yield from _by_the_handful(connection, rest[SINGLY:], stop)


def _singly(
    connection: psycopg.Connection, people: Sequence[Person], stop: Event
) -> Iterator[Commit]:
    begun = time.monotonic()
    for number, person in enumerate(people):
        if stop.wait(max(0.0, begun + number / PACE - time.monotonic())):
            return
        yield application.write(connection, (person,), timed=True)


def _by_the_handful(
    connection: psycopg.Connection, people: Sequence[Person], stop: Event
) -> Iterator[Commit]:
    for number in range(0, len(people), HANDFUL):
        if stop.is_set():
            return
        yield application.write(connection, people[number : number + HANDFUL], timed=False)


def _number(connection: psycopg.Connection, query: LiteralString, *values: str) -> int:
    return sum(int(row[0]) for row in connection.execute(query, values))
