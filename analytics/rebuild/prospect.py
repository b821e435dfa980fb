"""What a plan can say of a rebuild that is still to come: asked by a DBAPI connection, no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analytics.clickhouse.client import ask
from analytics.rebuild import engines, names
from analytics.rebuild.graph import OBJECTS, Object

LABELS = """
SELECT name, comment
FROM system.tables
WHERE database = currentDatabase() AND name IN %(names)s"""

SOURCES = """
SELECT name
FROM system.tables
WHERE database = currentDatabase() AND has(dependencies_table, %(view)s)"""


def has_previous(connection: Any, labels: Mapping[str, str]) -> bool:
    """Whether these objects have been kept at the versions that their labels say."""
    kept = {f"{name}{names.PREVIOUS}": label for name, label in labels.items()}
    return kept.items() <= dict(ask(connection, LABELS, names=tuple(kept))).items()


def expiring(connection: Any, view: str) -> list[str]:
    """The tables that a view reads, if their rows expire."""
    sources = [str(name) for (name,) in ask(connection, SOURCES, view=view)]
    return [source for source in sources if expires(connection, source)]


def expires(connection: Any, table: str) -> bool:
    """Whether rows of a table expire."""
    rows = ask(connection, f"{OBJECTS} AND name = %(name)s", name=table)
    return any(engines.has_ttl(Object(*map(str, row))) for row in rows)
