"""ClickHouse as a rebuild sees it: queries, statements with their own ids, and a watch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from analytics.clickhouse import client, inflight, sending
from analytics.errors import InDoubt
from analytics.journal.entry import State
from analytics.watch import Watch


@dataclass(frozen=True)
class Server:
    """One database of a server over a DBAPI connection.

    `check` is called before a step that changes something; it raises LockLost or Interrupted.
    `reveal` fills secrets in.
    """

    connection: Any
    database: str
    watch: Watch
    check: Callable[[], None]
    reveal: Callable[[str], str] = str
    run: str = field(default_factory=lambda: uuid4().hex[:12])

    def ask(self, query: str, **parameters: Any) -> list[Any]:
        """The rows of a query."""
        return client.ask(self.connection, query, **parameters)

    def one(self, query: str, **parameters: Any) -> Any:
        """The single value that a query returns."""
        return self.ask(query, **parameters)[0][0]

    def started(self) -> tuple[int, int]:
        """The server's start in seconds since the epoch, and how many it has been up since.

        The first has an error of a few, and is another one after its clock was set.
        """
        (row,) = self.ask("SELECT toUnixTimestamp(now()) - uptime(), uptime()")
        return int(row[0]), int(row[1])

    def send(self, statement: str, *, query_id: str | None = None) -> None:
        """Send a statement under an id, so that a later run can wait for its end.

        If no answer comes in time, the server is asked for its outcome; InDoubt if it is unknown.
        """
        query_id = query_id or self.query_id()
        with sending.under(self.connection, query_id, settle=self._settle):
            client.send(self.connection, self.reveal(statement))

    def query_id(self, what: str = "") -> str:
        """A new query id; it begins with the database, as the ids of the journal's steps do."""
        return f"{self.database}/rebuild/{what or 'statement'}/{self.run}/{uuid4().hex[:8]}"

    def change(self, statement: str, *, query_id: str | None = None) -> None:
        """Send a statement that changes something; LockLost or Interrupted if this run must end."""
        self.check()
        self.send(statement, query_id=query_id)

    def drop(self, names: Mapping[str, str]) -> None:
        """Drop objects, each with its kind: TABLE or VIEW."""
        for name, kind in names.items():
            self.send(f"DROP {kind} IF EXISTS {self.name(name)}")

    def send_within(self, statement: str, seconds: float) -> bool:
        """Send a statement and wait for its end; False if it took longer than `seconds`."""

        def late(query_id: str) -> None:
            transport.timeout = usual
            self._settle(query_id)

        transport = self.connection.transport
        usual, transport.timeout = transport.timeout, seconds
        try:
            with sending.under(self.connection, self.query_id(), settle=late):
                client.send(self.connection, statement)
        except InDoubt:
            return False
        finally:
            transport.timeout = usual
        return True

    def wait_for_earlier(self) -> None:
        """Return when no statement of an earlier run is running any more."""
        inflight.wait(self.connection, f"{self.database}/", watch=self.watch)

    def name(self, name: str) -> str:
        """An object's name as statements need it: quoted, with the database."""
        return f"{quoted(self.database)}.{quoted(name)}"

    def _settle(self, query_id: str) -> State | None:
        return inflight.settle(self.connection, query_id, watch=self.watch)


def quoted(name: str) -> str:
    """A name between backquotes."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
