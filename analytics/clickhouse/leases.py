"""The tables of the lease: `analytics_lease_<number>`; the newest one tells who has the lock.

Only one of several processes can create a table of a name. The comment of a lease is its holder;
its rows are the sessions in which the holder sends, and the times when others have looked.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from clickhouse_sqlalchemy.exceptions import DatabaseException

from analytics.clickhouse.client import ask, one, send

PREFIX = "analytics_lease_"
EXISTS_ALREADY, UNKNOWN_TABLE = "Code: 57.", "Code: 60."

CREATE = """
CREATE TABLE {table}
(
    at      DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    session String,
    purpose String
)
ENGINE = MergeTree
ORDER BY at
COMMENT {comment}"""

NEWEST = """
SELECT name, comment
FROM system.tables
WHERE database = currentDatabase() AND match(name, '^analytics_lease_[0-9]+$')
ORDER BY toUInt64(substring(name, %(prefix)s)) DESC"""

ADD = "INSERT INTO {table} (session, purpose) SETTINGS async_insert = 0 VALUES "

QUIET = """
SELECT toUnixTimestamp(now()) - greatest(
    toUnixTimestamp(max(at)),
    (SELECT toUnixTimestamp(metadata_modification_time) FROM system.tables
     WHERE database = currentDatabase() AND name = %(name)s))
FROM {table}"""

SESSIONS = "SELECT DISTINCT session FROM {table} WHERE session != ''"

PURPOSE = "SELECT argMax(purpose, at) FROM {table} WHERE purpose != ''"


@dataclass(frozen=True)
class Holder:
    """The holder of a lease, as its comment has it."""

    session: str  # its first one; it adds others in this one only
    seconds: int  # of silence after which its sessions end
    who: str
    user: str
    server: str  # its UUID: another replica knows nothing of the session
    is_released: bool = False


@dataclass(frozen=True)
class Table:
    """A lease, by its number."""

    number: int
    holder: Holder

    @property
    def name(self) -> str:
        """The table's name."""
        return f"{PREFIX}{self.number}"

    def create(self, connection: Any) -> bool:
        """Create it; False if another process was faster. The driver's errors otherwise."""
        try:
            send(connection, CREATE.format(table=self.name, comment=_comment(self.holder)))
        except DatabaseException as error:
            if EXISTS_ALREADY not in str(error.orig):
                raise
            return False
        return True

    def add(self, connection: Any, *, session: str = "", purpose: str = "") -> None:
        """Add a session of the holder's, a purpose, or neither: the time of a look."""
        cursor = connection.cursor()
        cursor.executemany(
            ADD.format(table=self.name) + "(%(session)s, %(purpose)s)",
            [{"session": session, "purpose": purpose}],
        )

    def release(self, connection: Any) -> None:
        """Record that the holder needs it no more."""
        comment = _comment(replace(self.holder, is_released=True))
        send(connection, f"ALTER TABLE {self.name} MODIFY COMMENT {comment}")

    def quiet(self, connection: Any) -> int:
        """The seconds since anything was added to it, by the server's clock."""
        return int(one(connection, QUIET.format(table=self.name), name=self.name))

    def sessions(self, connection: Any) -> list[str]:
        """The sessions that its holder has added to the first one."""
        return [row[0] for row in ask(connection, SESSIONS.format(table=self.name))]

    def purpose(self, connection: Any) -> str:
        """The holder's last purpose."""
        return str(one(connection, PURPOSE.format(table=self.name)) or "")


def every(connection: Any) -> list[Table]:
    """All leases, the newest first."""
    rows = ask(connection, NEWEST, prefix=len(PREFIX) + 1)
    return [
        Table(int(name.removeprefix(PREFIX)), Holder(**json.loads(text))) for name, text in rows
    ]


def is_gone(error: DatabaseException) -> bool:
    """Whether a lease is not there any more, so that another one is."""
    return UNKNOWN_TABLE in str(error.orig)


def drop(connection: Any, table: Table) -> None:
    """Drop a lease that is not the newest one any more."""
    send(connection, f"DROP TABLE IF EXISTS {table.name} SYNC")


def _comment(holder: Holder) -> str:
    text = json.dumps(asdict(holder)).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"
