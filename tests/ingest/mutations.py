"""Valid messages, changed at random."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.ingest.messages import assignment, encoded, event, event_row, wrapped

WORDS = ["", "c", "u", "d", "events", "outbox", "Assignment", "2026-03-01T10:00:00Z", "{}", "[1]"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=True)
    | st.text(max_size=5)
    | st.sampled_from(WORDS)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
ORIGINALS = [
    event,
    lambda n: event(n, op="d"),
    lambda n: event(n, op="u", before=event_row(n) | {"user_id": "another"}),
    assignment,
]
MARKS = ("lsn", "ts_ms")
"""Left as they are: by its LSN a test finds what became of a message."""


@st.composite
def batches(draw: Any) -> list[bytes]:
    """Messages whose LSN is their place in the list, counted from 1."""
    return [_mutant(draw, number) for number in range(1, draw(st.integers(1, 60)) + 1)]


def _mutant(draw: Any, number: int) -> bytes:
    """A message as bytes: with some values changed or left out, wrapped or damaged."""
    message = draw(st.sampled_from(ORIGINALS))(number)
    for _ in range(draw(st.integers(0, 3))):
        _change(draw, message)
    text = encoded(wrapped(message) if draw(st.booleans()) else message)
    damage = draw(st.sampled_from(["none", "none", "cut", "insert"]))
    at = draw(st.integers(0, max(text.find(b'"source"'), 0)))
    if damage == "insert":
        return text[:at] + draw(st.binary(max_size=3)) + text[at:]
    return text[:at] if damage == "cut" else text


def _change(draw: Any, place: Any) -> None:
    """Change one key, somewhere."""
    key = draw(st.sampled_from(sorted(place.keys() - set(MARKS))))
    if isinstance(place[key], dict) and place[key] and draw(st.booleans()):
        _change(draw, place[key])
    elif key == "payload" and draw(st.booleans()):
        _change_payload(draw, place)
    elif draw(st.booleans()) and len(place) > 1:
        del place[key]
    else:
        place[key] = draw(VALUES)


def _change_payload(draw: Any, row: Any) -> None:
    """Change a key within the assignment, which is text in the row of the outbox."""
    told = json.loads(row["payload"]) if row["payload"] else None
    if isinstance(told, dict) and told:
        _change(draw, told)
    row["payload"] = json.dumps(told)


def is_no_assignment(message: bytes) -> bool:
    """Whether a message is a change of the outbox that tells of no assignment."""
    change = json.loads(message.decode("utf-8-sig"))
    change = change["payload"] if isinstance(change.get("payload"), dict) else change
    if change["source"]["table"] != "outbox":
        return False
    return change["op"] in ("u", "d") or not change["after"]["type"].startswith("Assignment")
