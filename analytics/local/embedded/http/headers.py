"""The headers of an answer: what all have in common, and values that are JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from analytics.local.embedded.engine.engine import Engine

ENCODER = json.JSONEncoder(separators=(",", ":"))
STATISTICS = (
    *("read_rows", "read_bytes", "written_rows", "written_bytes"),
    *("total_rows_to_read", "result_rows", "result_bytes", "elapsed_ns"),
)


def common(engine: Engine, query_id: str) -> dict[str, str]:
    """Headers of every answer to a query."""
    return {
        "X-ClickHouse-Server-Display-Name": engine.name,
        "X-ClickHouse-Query-Id": query_id,
        "X-ClickHouse-Timezone": engine.timezone,
    }


def one_line(value: str) -> str:
    """A header's value: a line break in a client's query_id must not start another header."""
    return value if value.isprintable() else "".join(filter(str.isprintable, value))


def compact(values: dict[str, str]) -> str:
    """JSON as the headers carry it."""
    return ENCODER.encode(values)


def summary(statistics: Mapping[str, int]) -> str:
    """X-ClickHouse-Summary: numbers as strings."""
    return compact({name: str(statistics.get(name, 0)) for name in STATISTICS})
