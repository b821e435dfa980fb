"""Messages as the connector sends them."""

from __future__ import annotations

import json
from typing import Any

TIME = "2026-03-01T10:00:00.123456Z"


def event(number: int, *, op: str = "c", before: Any = None, **changes: Any) -> dict[str, Any]:
    """The change of a row of `events`; its number is its LSN."""
    row = event_row(number) | changes
    after = None if op == "d" else row
    return envelope("events", number, op=op, before=row if op == "d" else before, after=after)


def event_row(number: int) -> dict[str, Any]:
    """A row of `events`."""
    return {
        "id": f"event-{number}",
        "experiment_id": "checkout",
        "variant_id": "green",
        "user_id": f"user-{number % 50}",
        "event_type": "conversion",
        "timestamp": TIME,
        "assignment_at": "2026-03-01T09:00:00Z",
        "session_id": None,
        "properties": json.dumps({"page": "/pay", "value": 12.5}),
    }


def assignment(number: int, *, row: Any = None, **changes: Any) -> dict[str, Any]:
    """The row of `outbox` that tells of an assignment; `row` changes that row itself."""
    told = {
        "id": f"assignment-{number}",
        "experiment_id": "checkout",
        "user_id": f"user-{number % 50}",
        "variant_id": "green",
        "assigned_at": "2026-03-01T09:00:00+00:00",
        "context": {"country": "de"},
    }
    payload = json.dumps(told | changes)
    after = {"id": f"outbox-{number}", "type": "AssignmentCreated", "payload": payload}
    return envelope("outbox", number, after=after | (row or {}))


def envelope(
    table: str, number: int, *, after: Any, op: str = "c", before: Any = None
) -> dict[str, Any]:
    source = {"connector": "postgresql", "schema": "experiments", "table": table, "lsn": number}
    return {"before": before, "after": after, "source": source, "op": op, "ts_ms": number}


def wrapped(message: dict[str, Any]) -> dict[str, Any]:
    """With its schema, as JsonConverter sends it with schemas.enable=true."""
    return {"schema": {"type": "struct", "fields": []}, "payload": message}


def encoded(message: Any) -> bytes:
    return json.dumps(message).encode()
