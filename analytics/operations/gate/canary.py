"""Canaries: rows of their own kind that go through a table to its topic, and count nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from analytics.directive import Resources
from analytics.errors import DefinitionError, NotHealthy, Refused
from analytics.kafka.connect import Config
from analytics.kafka.health import Gate
from analytics.operations.gate import streaming
from analytics.postgres import reader as readers
from analytics.settings import brokers
from analytics.settings.brokers import Brokers

MARK = ":canary"
HEAD = re.compile(r"^--\s*topic:\s*(\S+)\s*$", re.M)


@dataclass(frozen=True)
class Canary:
    """A topic, and the SQL that makes a row which must come to it and removes that again."""

    topic: str
    sql: str

    def marked(self, mark: str) -> str:
        """The statements, with the text in place that the message must hold."""
        return self.sql.replace(MARK, f"'{mark}'")


def read(resources: Resources, connector: str, version: int) -> list[Canary]:
    """The canaries of a connector, as its newest file up to this version has them; maybe none.

    DefinitionError for a file that cannot be used.
    """
    name = f"{connector}_canary"
    known = [each for each in resources.versions("connectors", name) if each <= version]
    if not known:
        return []
    written = resources.read("connectors", name, version=known[-1])
    _, *parts = HEAD.split(resources.placeholders.fill(written))
    canaries = [Canary(*each) for each in zip(parts[::2], parts[1::2], strict=True)]
    if not canaries or any(MARK not in each.sql for each in canaries):
        raise DefinitionError(
            f"the canary of connector {connector} has no topic, or no {MARK}",
            f"write -- topic: NAME, and below it SQL that writes {MARK} into a row of its table",
        )
    return canaries


def try_out(driver: Any, canaries: list[Canary]) -> None:
    """Refused if the table does not take such a row; nothing of it stays."""
    for canary in canaries:
        if error := _fault(driver, canary):
            raise Refused(
                f"the canary for topic {canary.topic} is not taken: {error}",
                "correct its SQL, or give it a version of its own for this connector's version",
            )


@dataclass
class Flight:
    """The canaries of a gate: sent once the slot is read, and looked for until all have come."""

    driver: Any  # of PostgreSQL
    brokers: Brokers
    canaries: list[Canary]
    reader: readers.Reader
    opened: ExitStack
    waiting: list[tuple[Canary, str, Any]] | None = None
    position: str = ""

    def begin(self) -> None:
        """Send them all again at the next look."""
        self.waiting = None

    def missing(self) -> str:
        """Which of them have not come yet, in words.

        NotHealthy once the slot has confirmed what did not come: it comes no more.
        """
        if self.waiting is None:
            self.waiting = [self._sent(each) for each in self.canaries]
            self.position = self.reader.now()
        is_past = bool(self.waiting) and self.reader.is_past(self.position)  # asked before the look
        self.waiting = [each for each in self.waiting if not each[2].holds(each[1])]
        topics = ", ".join(canary.topic for canary, _, _ in self.waiting)
        if topics and is_past:
            raise NotHealthy(
                f"its slot has confirmed a row that has not come to {topics}",
                "look at what leaves rows out or sends them elsewhere: transforms, "
                "skipped.operations, table.include.list",
            )
        return f"its canary has not come to {topics}" if topics else ""

    def _sent(self, canary: Canary) -> tuple[Canary, str, Any]:
        from analytics.kafka import arrivals  # slow to import

        mark = str(uuid4())
        found = self.opened.enter_context(arrivals.since_now(self.brokers, canary.topic))
        self.driver.cursor().execute(canary.marked(mark))  # one transaction
        return canary, mark, found


@contextmanager
def flying(
    resources: Resources, connection: Connection, config: Config, canaries: list[Canary]
) -> Iterator[Gate]:
    """The gate of a connector of this config, for a block.

    Its role must read the slot, since it was started, and move on, and every canary must arrive.
    Refused if a table does not take its canary. None flies where a transaction is open: nobody
    would see its row.
    """
    gate = streaming.gate(resources, connection, config)
    if not canaries or not resources.store.commits_at_once(connection):
        yield gate
        return
    driver, reader = connection.connection.dbapi_connection, readers.of(connection, config)
    try_out(driver, canaries)
    with ExitStack() as opened:
        flight = Flight(driver, brokers.of(resources.settings), canaries, reader, opened)

        def begin(is_new: bool) -> None:
            gate.begins(is_new)
            flight.begin()

        yield replace(gate, begins=begin, arrives=flight.missing)


def _fault(driver: Any, canary: Canary) -> str:
    import psycopg

    cursor = driver.cursor()
    try:
        cursor.execute(f"BEGIN; {canary.marked(str(uuid4()))}\n; SET CONSTRAINTS ALL IMMEDIATE")
        counts = [cursor.rowcount, *(cursor.rowcount for _ in iter(cursor.nextset, None))]
    except psycopg.Error as error:
        return str(error).splitlines()[0]
    finally:
        driver.cursor().execute("ROLLBACK")
    return "" if max(counts) else "it writes no row (a trigger, or ON CONFLICT?)"  # -1: not known
