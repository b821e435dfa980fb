"""The tables and views of a database, each as the server describes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from analytics.clickhouse import statements
from analytics.clickhouse.statements import NAME
from analytics.errors import Refused
from analytics.rebuild.server import Server
from analytics.sql.tokens import unquoted

OBJECTS = """
SELECT name, toString(uuid), engine, engine_full, create_table_query, as_select, comment
FROM system.tables
WHERE database = currentDatabase() AND NOT is_temporary"""

HEAD = rf"CREATE MATERIALIZED VIEW {NAME}(?: UUID ')? TO (?P<target>{NAME})"


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

    @cached_property
    def target(self) -> str | None:
        """The table that a materialized view writes TO at every insert; None for anything else."""
        if not self.is_materialized:
            return None
        statement = statements.statements(self.create)[0]
        head = statement.match(HEAD)
        return unquoted(statement.part(head, "target").tokens[-1]) if head else None

    @property
    def is_kafka(self) -> bool:
        """Whether it is a table of the Kafka engine."""
        return self.engine == "Kafka"


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
