"""Malformed messages: named kinds, each with the reason for which it is rejected."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.ingest.messages import assignment, encoded, envelope, event, wrapped

Kind = tuple[str, Callable[[int], Any]]
"""The reason, and what makes the message of a number: bytes, or what is sent as JSON."""

VALID = encoded(event(0))
UNTIMELY = {
    "before 1970": "1969-12-31T23:59:59Z",
    "before 1970 by its offset": "1970-01-01T00:00:00+14:00",
    "after 2105": "2106-01-01T00:00:00Z",
    "before DateTime64": "1899-12-31T23:59:59Z",
    "after DateTime64": "2300-01-01T00:00:00Z",
    "of five digits": "+12026-03-01T10:00:00Z",
    "on no day": "2026-02-30T10:00:00Z",
    "in no month": "2026-00-01T10:00:00Z",
    "in month 13": "2026-13-01T10:00:00Z",
    "at hour 24": "2026-03-01T24:00:00Z",
    "at minute 60": "2026-03-01T10:60:00Z",
    "with a strange offset": "2026-03-01T10:00:00+99:99",
    "with more behind it": "2026-03-01T10:00:00Z or so",
    "without an hour": "2026-03-01",
    "of infinity": "infinity",
    "as a number": 1_772_359_200_000_000,
    "as an array": ["2026-03-01T10:00:00Z"],
    "as null": None,
    "as nothing": "",
}
NO_TEXT = {"null": None, "nothing": "", "a number": 7, "true": True, "an object": {"a": "b"}}


def lacking(message: dict[str, Any], *path: str) -> dict[str, Any]:
    """A message without one of its keys."""
    *places, key = path
    place = message
    for step in places:
        place = place[step]
    del place[key]
    return message


def inside(text: bytes) -> bytes:
    """A valid event with something in its place of properties."""
    return VALID.replace(b'"session_id": null', b'"session_id": ' + text)


BYTES: dict[str, Kind] = {
    "no bytes": ("empty", lambda n: b""),
    "random bytes": ("not_json", lambda n: b"\xff" + random.Random(n).randbytes(n % 200)),
    "plain text": ("not_json", lambda n: b"hello %d" % n),
    "a byte order mark alone": ("not_json", lambda n: b"\xef\xbb\xbf"),
    "cut short": ("not_json", lambda n: VALID[: 1 + n % (len(VALID) - 1)]),
    "two documents": ("not_json", lambda n: VALID + VALID),
    "NUL behind it": ("not_json", lambda n: VALID + b"\0"),
    "NUL in a text": ("not_json", lambda n: inside(b'"\0"')),
    "no UTF-8": ("not_json", lambda n: inside(b'"\xc3\x28"')),
    "half a surrogate": ("not_json", lambda n: inside(b'"\\ud800"')),
    "NaN": ("not_json", lambda n: inside(b"NaN")),
    "a number beyond all": ("not_json", lambda n: inside(b"1e400")),
    "an integer beyond 64 bits": ("not_json", lambda n: inside(b"18446744073709551616")),
    "too deep": ("not_json", lambda n: inside(b"[" * 1100 + b"]" * 1100)),
    "an id twice": ("event_without_id", lambda n: VALID.replace(b'{"id"', b'{"id": 7, "id"')),
    "the row twice": (
        "outbox_without_type",
        lambda n: encoded(assignment(n)).replace(b'"after"', b'"after": {"user_id": "x"}, "after"'),
    ),
    "the source twice": (
        "unknown_source",
        lambda n: VALID.replace(b'"source"', b'"source": {"lsn": 1}, "source"'),
    ),
}
SHAPES: dict[str, Kind] = {
    "a number alone": ("unknown_source", lambda n: n),
    "null alone": ("unknown_source", lambda n: None),
    "a text alone": ("unknown_source", lambda n: "x" * n),
    "an empty object": ("unknown_source", lambda n: {}),
    "an array in the order of the keys": (
        "unknown_source",
        lambda n: ["c", n, ["outbox", n], ["id", "AssignmentCreated", "{}"]],
    ),
    "another table": ("unknown_source", lambda n: envelope("users", n, after={"id": "a"})),
    "no source": ("unknown_source", lambda n: lacking(event(n), "source")),
    "no table": ("unknown_source", lambda n: lacking(event(n), "source", "table")),
    "a source as an array": ("unknown_source", lambda n: event(n) | {"source": ["events", n]}),
    "a schema around nothing": ("unknown_source", lambda n: {"schema": {}, "payload": None}),
    "a schema around a wrong row": ("event_without_id", lambda n: wrapped(event(n, id=n))),
    "no op": ("unknown_op", lambda n: lacking(event(n), "op")),
    "a truncate": ("unknown_op", lambda n: event(n) | {"op": "t"}),
    "op as a number": ("unknown_op", lambda n: assignment(n) | {"op": n}),
    "op as an array": ("unknown_op", lambda n: event(n) | {"op": ["c"]}),
    "no row": ("event_without_id", lambda n: event(n) | {"after": None}),
    "a row as an array": ("event_without_id", lambda n: event(n) | {"after": ["a", "b", "c"]}),
    "a row as a text": ("event_without_id", lambda n: event(n) | {"after": "a row"}),
    "a delete without the old row": ("event_without_id", lambda n: event(n, op="c") | {"op": "d"}),
    "a delete with the key only": (
        "event_without_experiment",
        lambda n: envelope("events", n, op="d", after=None, before={"id": f"event-{n}"}),
    ),
    "a long text and no user": (
        "event_without_user",
        lambda n: event(n, user_id=None, session_id="x" * 10_000),
    ),
    "no row of the outbox": ("outbox_without_type", lambda n: assignment(n) | {"after": None}),
    "a row of the outbox as an array": (
        "outbox_without_type",
        lambda n: assignment(n) | {"after": ["o", "AssignmentCreated", "{}"]},
    ),
    "a payload cut short": (
        "assignment_without_experiment",
        lambda n: assignment(n, row={"payload": '{"experiment_id": "checkout"'}),
    ),
    "a payload as an array": (
        "assignment_without_experiment",
        lambda n: assignment(n, row={"payload": '["a", "b", "c", "d", "e"]'}),
    ),
    "no payload": (
        "assignment_without_experiment",
        lambda n: lacking(assignment(n), "after", "payload"),
    ),
    "no id at all": ("assignment_without_id", lambda n: assignment(n, id="", row={"id": ""})),
    "an id as a number": ("assignment_without_id", lambda n: assignment(n, id=7)),
    "an assignment_id as an object": (
        "assignment_without_id",
        lambda n: assignment(n, assignment_id={}),
    ),
    "the id of the outbox as an array": (
        "assignment_without_id",
        lambda n: assignment(n, id=None, row={"id": ["o"]}),
    ),
}


def _with(make: Callable[..., Any], key: str, value: Any) -> Callable[[int], Any]:
    return lambda n: make(n, **{key: value})


def _typed() -> dict[str, Kind]:
    """Each key that is needed with each value that is no text, or no time, and left out."""
    kinds: dict[str, Kind] = {}
    for key, name in {"id": "id", "experiment_id": "experiment", "user_id": "user"}.items():
        for what, value in NO_TEXT.items():
            kinds[f"{key} of an event: {what}"] = (
                f"event_without_{name}",
                _with(event, key, value),
            )
    for name in ("experiment", "user", "variant"):
        for what, value in NO_TEXT.items():
            kinds[f"{name}_id of an assignment: {what}"] = (
                f"assignment_without_{name}",
                _with(assignment, f"{name}_id", value),
            )
    for what, value in NO_TEXT.items():
        kinds[f"type of the outbox: {what}"] = (
            "outbox_without_type",
            _with(assignment, "row", {"type": value}),
        )
    return kinds


def _untimely() -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for what, time in UNTIMELY.items():
        kinds[f"an event {what}"] = ("event_without_timestamp", _with(event, "timestamp", time))
        kinds[f"an assignment {what}"] = (
            "assignment_without_time",
            _with(assignment, "assigned_at", time),
        )
    return kinds


def _left_out() -> dict[str, Kind]:
    keys = {"id": "id", "experiment_id": "experiment", "user_id": "user", "timestamp": "timestamp"}
    return {
        f"no {key} of an event": (f"event_without_{name}", _without(key))
        for key, name in keys.items()
    }


def _without(key: str) -> Callable[[int], Any]:
    return lambda n: lacking(event(n), "after", key)


KINDS = BYTES | SHAPES | _typed() | _untimely() | _left_out()


def message(kind: str, number: int) -> bytes:
    """A message of a kind."""
    made = KINDS[kind][1](number)
    return made if isinstance(made, bytes) else encoded(made)
