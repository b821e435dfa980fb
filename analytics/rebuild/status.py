"""The rebuilds of a database: how far each is, what holds it up, and what to do next."""

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
    """One rebuild."""

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
        """For a person."""
        rows = f", {self.left:,} of {self.rows:,} rows left" if self.left else ""
        yield f"{self.rebuild}  {self.view}  {self.state}{rows}  ({self.begun} to {self.at})"
        yield from (f"    {note}" for note in self.notes)


def of_all(server: Server) -> list[RebuildStatus]:
    """Every rebuild, the oldest first."""
    return [
        _of(server, each)
        for each in records.all_of(server)
        if each.is_open or not each.has(State.HELD)
    ]


def _of(server: Server, each: Record) -> RebuildStatus:
    snapshot = each.detail(State.SNAPSHOT) or {}
    rows = {str(chunk["number"]): int(chunk["rows"]) for chunk in snapshot.get("chunks", ())}
    done = {line.item for line in each.lines if line.state is State.CHUNK}
    last = each.lines[-1]
    return RebuildStatus(
        each.rebuild,
        each.view,
        last.state,
        each.lines[0].at[:19],
        last.at[:19],
        sum(rows.values()),
        sum(count for number, count in rows.items() if number not in done) if each.is_open else 0,
        tuple(_notes(server, each)),
    )


def _notes(server: Server, each: Record) -> Iterator[str]:
    last = each.lines[-1]
    why = json.loads(last.detail).get("why") if last.detail else None
    if why:
        yield f"why: {why}"
    if not each.is_open:
        return
    closed = holding.closed(server, holding.gates(each))
    if closed:
        yield f"ingest is held: {', '.join(closed)} detached; the next command opens it"
    if each.has(State.HELD):
        return
    yield from _holding_up(server, each.detail(State.PLANNED) or {})
    yield "next: the same command again goes on; the opposite one (a downgrade) gives it up"


def _holding_up(server: Server, planned: dict[str, Any]) -> Iterator[str]:
    for query, seconds, memory in server.ask(RUNNING, prefix=f"{server.database}/rebuild/"):
        yield f"at work: query {query}, {seconds} s, {memory}"
    for table, mutation, reason in server.ask(STUCK):
        yield f"mutation {mutation} of {table} is not done{': ' + reason if reason else ''}"
    tables = tuple(planned.get("tables", ()))
    parts = int(server.one(throttle.PARTS, tables=tables) or 0) if tables else 0
    yield f"at most {parts} parts wait to be merged in one partition"
