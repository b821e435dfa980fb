"""An object as the server has it: its kind and its rows are asked, not read from a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics.clickhouse.client import ask, one
from analytics.clickhouse.definition import ROWLESS
from analytics.sql.tokens import identifier

OBJECT = """
SELECT engine, engine_full, toString(uuid)
FROM system.tables
WHERE database = currentDatabase() AND name = %(name)s"""

INNER = """
SELECT count()
FROM system.tables
WHERE database = currentDatabase() AND name IN (%(by_uuid)s, %(by_name)s)"""

MATERIALIZED_VIEW = "MaterializedView"


@dataclass(frozen=True)
class Existing:
    """A table, view or dictionary of the current database."""

    name: str
    engine: str
    engine_full: str
    has_inner: bool  # a materialized view that keeps its rows in a table of its own

    @property
    def kind(self) -> str:
        """TABLE, VIEW or DICTIONARY, as a DROP names it."""
        if self.engine.endswith("View"):
            return "VIEW"
        return "DICTIONARY" if self.engine == "Dictionary" else "TABLE"

    @property
    def stores_rows(self) -> bool:
        """Whether rows are gone with it."""
        if self.engine == MATERIALIZED_VIEW:
            return self.has_inner
        return self.kind == "TABLE" and self.engine not in ROWLESS

    @property
    def carries_rows(self) -> bool:
        """Whether it writes rows elsewhere as long as it exists."""
        return self.engine in (MATERIALIZED_VIEW, "Kafka")

    def drop(self) -> str:
        """The statement that removes it."""
        return f"DROP {self.kind} IF EXISTS {identifier(self.name)}"


def find(driver: Any, name: str) -> Existing | None:
    """The object of that name; None if there is none. `driver` is a DBAPI connection."""
    rows = ask(driver, OBJECT, name=name)
    if not rows:
        return None
    engine, engine_full, uuid = map(str, rows[0])
    is_view = engine == MATERIALIZED_VIEW
    inner = {"by_uuid": f".inner_id.{uuid}", "by_name": f".inner.{name}"}
    return Existing(name, engine, engine_full, is_view and bool(one(driver, INNER, **inner)))
