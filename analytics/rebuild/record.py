"""The record of a rebuild, in an insert-only table of the database that it changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import uuid4

from analytics.rebuild.server import Server

TABLE = "analytics_rebuilds"

CREATE = f"""
CREATE TABLE IF NOT EXISTS {TABLE}
(
    seq     UInt64,
    rebuild String,
    view    String,
    state   LowCardinality(String),
    item    String,
    detail  String,
    at      DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY seq"""

# replicated engines drop a block that equals an earlier one, unless its token differs
APPEND = f"""
INSERT INTO {TABLE} (seq, rebuild, view, state, item, detail)
SETTINGS async_insert = 0, insert_deduplication_token = '{{token}}'
SELECT (SELECT max(seq) + 1 FROM {TABLE}), %(rebuild)s, %(view)s, %(state)s, %(item)s, %(detail)s"""

READ = f"""
SELECT rebuild, view, state, item, detail, toString(at)
FROM {TABLE}
ORDER BY seq"""

EXISTS = f"EXISTS TABLE {TABLE}"


class State(StrEnum):
    """The states of a rebuild; the last three end it."""

    PLANNED = "planned"
    SNAPSHOT = "snapshot"  # the first barrier is open again
    COMPARED = "compared"  # what serves, with what its sources make
    BATCH = "batch"  # rows that have come since are about to be taken
    CHUNK = "backfilling"  # one line for each chunk that is done
    CAUGHT_UP = "catching up"
    VERIFYING = "verifying"
    SWAPPING = "swapping"
    SWAPPED = "swapped"
    DROPPING = "dropping"  # what it has made: it cannot be continued
    STOPPED = "stopped"  # by an error; the same command continues it
    HELD = "held"  # ingest, by a command that is no rebuild
    DONE = "done"
    GIVEN_UP = "given up"
    REFUSED = "refused"


ENDS = (State.DONE, State.GIVEN_UP, State.REFUSED)


@dataclass(frozen=True)
class Line:
    """One line of the record."""

    rebuild: str
    view: str
    state: State
    item: str
    detail: str
    at: str = ""


@dataclass
class Record:
    """The lines of one rebuild, in order."""

    server: Server
    view: str
    rebuild: str = field(default_factory=lambda: uuid4().hex[:12])
    lines: list[Line] = field(default_factory=list)

    def write(self, state: State, item: str = "", **detail: Any) -> None:
        """Add a line; it is stored when this returns."""
        line = Line(self.rebuild, self.view, state, item, json.dumps(detail) if detail else "")
        fields = {
            "rebuild": line.rebuild,
            "view": line.view,
            "state": line.state.value,
            "item": line.item,
            "detail": line.detail,
        }
        self.server.ask(APPEND.format(token=uuid4()), **fields)
        self.lines.append(line)

    def detail(self, state: State, item: str = "") -> dict[str, Any] | None:
        """The detail of the last such line; None if there is none."""
        for line in reversed(self.lines):
            if line.state is state and line.item == item:
                return dict(json.loads(line.detail or "{}"))
        return None

    def has(self, state: State, item: str = "") -> bool:
        """Whether there is such a line."""
        return self.detail(state, item) is not None

    @property
    def is_open(self) -> bool:
        """Whether it is neither done, nor given up, nor refused."""
        return bool(self.lines) and self.lines[-1].state not in ENDS


def begin(server: Server, view: str) -> Record:
    """The record of a new rebuild, still without a line."""
    server.ask(CREATE)
    return Record(server, view)


def all_of(server: Server) -> list[Record]:
    """The records of all rebuilds of the database, the oldest first."""
    if not server.one(EXISTS):
        return []
    by_id: dict[str, Record] = {}
    for line in _lines(server.ask(READ)):
        record = by_id.setdefault(line.rebuild, Record(server, line.view, line.rebuild))
        record.lines.append(line)
    return list(by_id.values())


def unfinished(server: Server) -> list[Record]:
    """The records of the rebuilds that have begun and not ended."""
    return [record for record in all_of(server) if record.is_open]


def _lines(rows: Iterable[Any]) -> Iterable[Line]:
    for rebuild, view, state, item, detail, at in rows:
        yield Line(rebuild, view, State(state), item, detail, at)
