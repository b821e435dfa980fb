"""The messages that Debezium makes of a ledger."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.views.ledger import Assignment, Change, Event, Ledger

OUTBOX_TYPES = {"c": "AssignmentCreated", "u": "AssignmentChanged", "d": "AssignmentDeleted"}


def messages(ledger: Ledger) -> list[str]:
    """One message a change, in the log's order."""
    return [json.dumps(_envelope(change), ensure_ascii=False) for change in ledger.changes]


def _envelope(change: Change) -> dict[str, Any]:
    if isinstance(change.record, Event):
        return _events(change)
    return _outbox(change)


def _events(change: Change) -> dict[str, Any]:
    body = {"before": _row(change.before), "after": _row(change.after)}
    return body | _head("events", change.lsn, _operation(change))


def _outbox(change: Change) -> dict[str, Any]:
    """A row of the outbox is inserted whatever happens to the assignment."""
    assert isinstance(change.record, Assignment)
    payload = asdict(change.record) | {
        "assigned_at": change.record.assigned_at.isoformat(),
        "context": {"country": "DE"},
    }
    row = {
        "id": str(UUID(int=change.lsn)),
        "seq": change.lsn,
        "aggregatetype": "assignment",
        "aggregateid": change.record.user_id,
        "type": OUTBOX_TYPES[_operation(change)],
        "payload": json.dumps(payload, ensure_ascii=False),
        "occurred_at": _zulu(change.record.assigned_at),
    }
    return {"before": None, "after": row} | _head("outbox", change.lsn, "c")


def _head(table: str, lsn: int, operation: str) -> dict[str, Any]:
    source = {"schema": "experiments", "table": table, "lsn": lsn}
    return {"source": source, "op": operation, "ts_ms": 1_700_000_000_000 - lsn}


def _operation(change: Change) -> str:
    if change.after is None:
        return "d"
    return "c" if change.before is None else "u"


def _row(record: Assignment | Event | None) -> dict[str, Any] | None:
    if record is None:
        return None
    assert isinstance(record, Event)
    hint = record.assignment_at and _zulu(record.assignment_at)
    times = {"timestamp": _zulu(record.timestamp), "assignment_at": hint}
    return asdict(record) | times | {"session_id": None}


def _zulu(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
