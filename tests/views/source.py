"""The PostgreSQL under test: ledgers go in as rows, and Debezium carries them on."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import asdict
from itertools import cycle, islice
from uuid import NAMESPACE_OID, uuid5

import psycopg
from psycopg import sql

from tests.arrival import await_rows
from tests.conftest import Databases
from tests.views.ledger import Assignment, Change, Event, Ledger, within
from tests.views.warehouse import Warehouse

TABLES = {Assignment: "assignments", Event: "events"}
COMMITS = (1, 1, 2, 10, 100)  # changes a transaction, in turns


def carry(pair: Databases, warehouse: Warehouse, ledger: Ledger) -> Ledger:
    """Do a ledger in PostgreSQL under fresh names until all of it has landed; with those."""
    book = within(ledger, f"{secrets.token_hex(6)}:", rename=_uuid)
    warehouse.publish(warehouse, book.experiments)
    with pair.postgres() as connection, connection.pipeline():
        _enter(connection, book)
        for commit in _commits(book):
            with connection.transaction():
                for change in commit:
                    connection.execute(_statement(change), asdict(change.record))
    landed = "SELECT uniqExact(partition, offset) FROM raw_events"
    count = sum(map(_messages, book.changes))
    await_rows(pair, f"{landed} WHERE position(message, '{book.prefix}') > 0", [[str(count)]])
    return book


def _enter(connection: psycopg.Connection[tuple[object, ...]], book: Ledger) -> None:
    """All users: an assignment needs one."""
    users = {change.record.user_id for change in book.changes}
    connection.cursor().executemany(
        "INSERT INTO experiments.users (id) VALUES (%s)", [(user,) for user in sorted(users)]
    )


def _commits(book: Ledger) -> Iterator[list[Change]]:
    """The changes in order, cut into transactions."""
    changes, sizes = iter(book.changes), cycle(COMMITS)
    while commit := list(islice(changes, next(sizes))):
        yield commit


def _statement(change: Change) -> sql.Composed:
    """What an application sends to have a change."""
    columns = list(asdict(change.record))
    if change.before is None:
        text = "INSERT INTO {table} ({names}) VALUES ({values})"
    elif change.after is None:
        text = "DELETE FROM {table} WHERE id = %(id)s"
    else:
        text = "UPDATE {table} SET ({names}) = ROW({values}) WHERE id = %(id)s"
    return sql.SQL(text).format(
        table=sql.Identifier("experiments", TABLES[type(change.record)]),
        names=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(map(sql.Placeholder, columns)),
    )


def _messages(change: Change) -> int:
    """Messages that Debezium makes of a change: their key is the user, a new key is a new row."""
    before, after = change.before, change.after
    moved = isinstance(before, Event) and after is not None and before.user_id != after.user_id
    return 2 if moved else 1


def _uuid(prefix: str, name: str) -> str:
    return str(uuid5(NAMESPACE_OID, prefix + name))
