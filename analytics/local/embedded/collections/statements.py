"""CREATE, ALTER and DROP NAMED COLLECTION, parsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql.cursor import Cursor
from analytics.sql.tokens import Token


@dataclass(frozen=True)
class Change:
    """What one statement changes; `lenient` is IF [NOT] EXISTS."""

    verb: str
    name: str
    lenient: bool
    values: dict[str, str] = field(default_factory=dict)
    overridable: dict[str, bool] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()


def parse(part: Sequence[Token]) -> Change:
    """The change that a statement asks for."""
    cursor = Cursor(part)
    verb = cursor.name().upper()
    cursor.expect("NAMED", "COLLECTION")
    lenient = (
        cursor.take("IF", "NOT", "EXISTS") if verb == "CREATE" else cursor.take("IF", "EXISTS")
    )
    change = Change(verb, cursor.name(), lenient)
    if cursor.take("ON", "CLUSTER"):
        raise DBError(48, "ON CLUSTER is not supported: the embedded server stands alone")
    change = _with_body(cursor, change)
    if cursor.token:
        raise cursor.error("the end of the statement")
    return change


def _with_body(cursor: Cursor, change: Change) -> Change:
    if change.verb == "DROP":
        return change
    if change.verb == "CREATE":
        cursor.expect("AS")
        values, rules = _pairs(cursor)
        return Change(change.verb, change.name, change.lenient, values, rules)
    values, rules = _pairs(cursor) if cursor.take("SET") else ({}, {})
    deleted = _keys(cursor) if cursor.take("DELETE") else frozenset()
    if not values and not deleted:
        raise cursor.error("SET or DELETE")
    return Change(change.verb, change.name, change.lenient, values, rules, deleted)


def _pairs(cursor: Cursor) -> tuple[dict[str, str], dict[str, bool]]:
    values: dict[str, str] = {}
    overridable: dict[str, bool] = {}
    while True:
        key = cursor.name()
        cursor.expect("=")
        values[key] = cursor.value()
        if cursor.take("NOT", "OVERRIDABLE"):
            overridable[key] = False
        elif cursor.take("OVERRIDABLE"):
            overridable[key] = True
        if not cursor.take(","):
            return values, overridable


def _keys(cursor: Cursor) -> frozenset[str]:
    keys = {cursor.name()}
    while cursor.take(","):
        keys.add(cursor.name())
    return frozenset(keys)
