"""The reading of a report: the rows of one experiment, in the report's order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, text

from analytics.experiments import connection
from analytics.experiments.errors import NotMigrated, UnknownExperiment
from analytics.experiments.reports.report import Report
from analytics.settings import Settings

Converter = Callable[[Any], Any]
MENTIONED = ("events_processed", "assignments_processed", "experiments_dict")
NAMED_AT_MOST = 20
LEFT_AS_TEXT = re.compile(r"(?:Nullable\()?(Bool|DateTime)\b")
CONVERTERS: dict[str, Converter] = {
    "Bool": lambda value: value == "true",
    "DateTime": datetime.fromisoformat,
}
"""The conversions of values that the driver leaves as text, by the name of their type."""


@dataclass(frozen=True)
class Rows:
    """All columns of a view, and its rows, which can be read once."""

    columns: tuple[str, ...]
    values: Iterator[tuple[Any, ...]]
    total: Callable[[], int]  # the number of rows without a limit

    def records(self) -> Iterator[dict[str, Any]]:
        """The rows with their columns' names."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.values)


@contextmanager
def opened(settings: Settings, report: Report, experiment: str, *, limit: int) -> Iterator[Rows]:
    """The first `limit` lines or maps (0: all) while the connection is open.

    UnknownExperiment if no table mentions it, NotMigrated without the view or a shown column;
    other errors as for `connection.streaming`.
    """
    with connection.streaming(settings) as target:
        _need(target, experiment)
        yield _rows(target, report, experiment, limit=limit)


def _rows(target: Connection, report: Report, experiment: str, *, limit: int) -> Rows:
    source = f"FROM {report.view} WHERE experiment_id = :experiment"
    query = f"SELECT * {source} ORDER BY {', '.join(report.order)}"
    query += f" LIMIT {limit * report.unit}" if limit else ""
    result = _selected(target, query, experiment)
    names = tuple(result.keys())
    missing = [name for name in report.shown if name not in names]
    if missing:
        raise NotMigrated(
            f"{report.view} has no {', '.join(missing)}", "run `alembic -n clickhouse upgrade head`"
        )
    types = [column[1] for column in result.cursor.description] if result.cursor else []
    converters = [_converter(str(kind)) for kind in types]
    values = (_converted(row, converters) for row in result)
    return Rows(
        names,
        values,
        lambda: _selected(target, f"SELECT count() {source}", experiment).scalar_one(),
    )


def _selected(target: Connection, query: str, experiment: str) -> CursorResult[Any]:
    return target.execute(text(query), {"experiment": experiment})


def _converter(kind: str) -> Converter:
    match = LEFT_AS_TEXT.match(kind)
    return CONVERTERS[match[1]] if match else lambda value: value


def _converted(row: Iterable[Any], converters: Sequence[Converter]) -> tuple[Any, ...]:
    pairs = zip(converters, row, strict=True)
    return tuple(None if value is None else convert(value) for convert, value in pairs)


def _need(target: Connection, experiment: str) -> None:
    for table in MENTIONED:
        query = f"SELECT 1 FROM {table} WHERE experiment_id = :experiment LIMIT 1"
        if _selected(target, query, experiment).all():
            return
    raise UnknownExperiment(f"nothing is known of the experiment {experiment}", _choice(target))


def _choice(target: Connection) -> str:
    every = " UNION DISTINCT ".join(f"SELECT experiment_id FROM {table}" for table in MENTIONED)
    query = f"SELECT experiment_id FROM ({every}) ORDER BY experiment_id"
    existing = [row[0] for row in target.execute(text(query))]
    if not existing:
        return "there is none yet: insert one into experiments.experiments in PostgreSQL"
    more = f" and {len(existing) - NAMED_AT_MOST} more" if len(existing) > NAMED_AT_MOST else ""
    return f"name one of: {', '.join(existing[:NAMED_AT_MOST])}{more}"
