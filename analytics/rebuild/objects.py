"""The tables and views of a database, each as the server describes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from analytics.errors import Refused
from analytics.rebuild.server import Server
from analytics.sql.tokens import Token, identifier, tokens, unquoted

OBJECTS = """
SELECT name, toString(uuid), engine, engine_full, create_table_query, as_select, comment
FROM system.tables
WHERE database = currentDatabase() AND NOT is_temporary"""


@dataclass(frozen=True)
class Object:
    """A table or view, as the server describes it."""

    name: str
    uuid: str
    engine: str
    engine_full: str
    create: str  # the whole statement, every table with its database
    select: str  # of a view: its SELECT, every table with its database
    label: str  # its comment: name, version and digest of its definition

    @property
    def is_materialized(self) -> bool:
        """Whether it is a materialized view."""
        return self.engine == "MaterializedView"

    @property
    def drop(self) -> str:
        """The statement that drops it."""
        kind = "VIEW" if self.engine.endswith("View") else "TABLE"
        return f"DROP {kind} {identifier(self.name)}"

    @cached_property
    def writes(self) -> tuple[str, str] | None:
        """Database and table that a materialized view writes TO, in whatever way it does."""
        if not self.is_materialized:
            return None
        head = self._head
        to = next((place for place, token in enumerate(head) if token.word == "TO"), None)
        if to is None:
            return None
        database, table = head[to + 1 : to + 3]
        return unquoted(database), unquoted(table)

    @cached_property
    def refreshes(self) -> bool:
        """Whether it is a view that refreshes itself, and does not fire at every insert."""
        return self.is_materialized and any(token.word == "REFRESH" for token in self._head)

    @property
    def _head(self) -> list[Token]:
        """Of a view: the tokens before its AS; the parts of names, `database.as`, have no word."""
        row = [token for token in tokens(self.create.encode()) if not token.depth]
        around = zip((None, *row), row, (*row[1:], None), strict=False)
        head = [
            token._replace(word="") if _dot(before) or _dot(after) else token
            for before, token, after in around
            if not _dot(token)
        ]
        return list(takewhile(lambda token: token.word != "AS", head))

    @property
    def target(self) -> str | None:
        """The table that a materialized view writes TO at every insert; None for anything else."""
        return self.writes[1] if self.writes and not self.refreshes else None

    @property
    def is_kafka(self) -> bool:
        """Whether it is a table of the Kafka engine."""
        return self.engine == "Kafka"


def _dot(token: Token | None) -> bool:
    return token is not None and token.text == b"."


def some(server: Server, names_: Iterable[str]) -> dict[str, Object]:
    """Those of the named objects that exist now, by name, whatever has made them."""
    rows = server.ask(f"{OBJECTS} AND name IN %(names)s", names=tuple(names_))
    return {row[0]: Object(*map(str, row)) for row in rows}


def look(server: Server, name: str) -> Object:
    """One object as it is now; Refused if it does not exist any more."""
    existing = some(server, (name,))
    if not existing:
        raise Refused(
            f"{name} is gone",
            "another process or user has dropped it; run the same command again",
        )
    return existing[name]
