"""One query on its way: what was asked, what runs it, and where the answer goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.local.embedded.engine.engine import Connection
from analytics.local.embedded.engine.options import Options
from analytics.local.embedded.http.answer import Answer
from analytics.local.embedded.http.headers import common, summary
from analytics.local.embedded.http.source import Source
from analytics.local.embedded.services import Services

TYPES = {
    "CSV": "text/csv; charset=UTF-8; header=absent",
    "CSVWithNames": "text/csv; charset=UTF-8; header=present",
    "CSVWithNamesAndTypes": "text/csv; charset=UTF-8; header=present",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "XML": "application/xml; charset=UTF-8",
    **dict.fromkeys(
        ["Native", "RowBinary", "Parquet", "Arrow", "ArrowStream", "ORC", "Avro"],
        "application/octet-stream",
    ),
}
TEXT = "text/tab-separated-values; charset=UTF-8"
JSON = "application/json; charset=UTF-8"


@dataclass(frozen=True)
class Job:
    """A query with everything that running it takes."""

    services: Services
    options: Options
    source: Source
    connection: Connection
    answer: Answer
    socket: int
    """The client's socket, to see it go away."""

    @property
    def format(self) -> str:
        """The result's format."""
        clause = self.source.statement.format
        inserts = self.source.statement.kind == "INSERT"
        return clause.name if clause and not inserts else self.options.format

    def run(self, sql: bytes) -> Any:
        """Run it on the query's connection, with its parameters."""
        return self.connection.run(sql, self.format, dict(self.options.parameters))

    def kill(self) -> int:
        """End this query in the engine."""
        return self.services.processes.kill([self.options.query_id])

    def headers(self, statistics: Mapping[str, int], *, rows: bool = True) -> dict[str, str]:
        """The answer's headers; clients tell a result set from a command by the format's."""
        found = common(self.services.engine, self.options.query_id)
        shown = {"X-ClickHouse-Format": self.format} if rows else {}
        kind = TYPES.get(self.format, JSON if self.format.startswith("JSON") else TEXT)
        return {"Content-Type": kind, **found, **shown, "X-ClickHouse-Summary": summary(statistics)}

    def send(self, data: bytes, statistics: Mapping[str, int], *, rows: bool = True) -> None:
        """Answer with these bytes."""
        self.answer.whole(200, data, self.headers(statistics, rows=rows))


def statistics(result: Any, form: str = "") -> dict[str, int]:
    """The counters of an engine result; `form` is that of an INSERT."""
    read_rows, read_bytes = result.storage_rows_read(), result.storage_bytes_read()
    rows, size = result.rows_read(), result.bytes_read()
    elapsed = {"elapsed_ns": int(result.elapsed() * 1e9)}
    if not form:
        read = {"read_rows": read_rows, "read_bytes": read_bytes}
        return {**read, "result_rows": rows, "result_bytes": size, **elapsed}
    if form == "select":
        rows, size = read_rows, read_bytes
    return {
        **elapsed,
        "read_rows": read_rows or rows,
        "read_bytes": read_bytes or size,
        **{"written_rows": rows, "written_bytes": size},
        **{"result_rows": rows, "result_bytes": size},
    }
