"""The status of the rebuilds of a database: progress, delays, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analytics.rebuild import holding, throttle
from analytics.rebuild import record as records
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server

RUNNING = """
SELECT query_id, toUInt32(elapsed), formatReadableSize(memory_usage)
FROM system.processes
WHERE startsWith(query_id, %(prefix)s)"""

STUCK = """
SELECT table, mutation_id, latest_fail_reason
FROM system.mutations
WHERE database = currentDatabase() AND NOT is_done"""


@dataclass(frozen=True)
class RebuildStatus:
    """The status of one rebuild; the fields are the keys of its JSON."""

    rebuild: str
    view: str
    state: State
    begun: str
    at: str
    rows: int
    left: int
    notes: tuple[str, ...]

    @property
    def lines(self) -> Iterator[str]:
        """The lines for a person."""
        rows = f", {self.left:,} of {self.rows:,} rows left" if self.left else ""
        yield f"{self.rebuild}  {self.view}  {self.state}{rows}  ({self.begun} to {self.at})"
        yield from (f"    {note}" for note in self.notes)


def of_all(server: Server) -> list[RebuildStatus]:
    """The status of every rebuild, the oldest first."""
    return [
        _of(server, record)
        for record in records.all_of(server)
        if record.is_open or not record.has(State.HELD)
    ]


def _of(server: Server, record: Record) -> RebuildStatus:
    snapshot = record.detail(State.SNAPSHOT) or {}
    rows = {str(chunk["number"]): int(chunk["rows"]) for chunk in snapshot.get("chunks", ())}
    done = {line.item for line in record.lines if line.state is State.CHUNK}
    last = record.lines[-1]
    return RebuildStatus(
        record.rebuild,
        record.view,
        last.state,
        record.lines[0].at[:19],
        last.at[:19],
        sum(rows.values()),
        sum(count for number, count in rows.items() if number not in done) if record.is_open else 0,
        tuple(_notes(server, record)),
    )


def _notes(server: Server, record: Record) -> Iterator[str]:
    last = record.lines[-1]
    why = json.loads(last.detail).get("why") if last.detail else None
    if why:
        yield f"why: {why}"
    if not record.is_open:
        return
    closed = holding.closed(server, holding.gates(record))
    if closed:
        yield f"ingest is held: {', '.join(closed)} detached; the next command opens it"
    if record.has(State.HELD):
        return
    yield from _delays(server, record.detail(State.PLANNED) or {})
    yield "next: the same command again continues; the opposite one (a downgrade) gives it up"


def _delays(server: Server, planned: dict[str, Any]) -> Iterator[str]:
    for query, seconds, memory in server.ask(RUNNING, prefix=f"{server.database}/rebuild/"):
        yield f"at work: query {query}, {seconds} s, {memory}"
    for table, mutation, reason in server.ask(STUCK):
        yield f"mutation {mutation} of {table} is not done{': ' + reason if reason else ''}"
    tables = tuple(planned.get("tables", ()))
    parts = int(server.one(throttle.PARTS, tables=tables) or 0) if tables else 0
    yield f"at most {parts} parts wait to be merged in one partition"
