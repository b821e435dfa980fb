"""The columns that a connector takes as message keys: each must be one of its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from analytics.postgres.published import Fault

KEY = "message.key.columns"
COLUMNS = """
SELECT n.nspname || '.' || c.relname, array_agg(a.attname::text)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND n.nspname || '.' || c.relname ~* ('^(' || :pattern || ')$')
GROUP BY 1
ORDER BY 1"""


def faults(connection: Connection, config: Mapping[str, str]) -> Iterator[Fault]:
    """Columns that their table lacks, and patterns that match no table."""
    for entry in filter(None, (each.strip() for each in config.get(KEY, "").split(";"))):
        pattern, _, listed = entry.rpartition(":")
        found = connection.execute(text(COLUMNS), {"pattern": pattern}).all()
        if not found:
            yield f"{KEY} names {pattern}, and there is no such table", f"correct {KEY}"
        for table, existing in found:
            for column in (each.strip() for each in listed.split(",")):
                if column not in existing:
                    yield f"{KEY} names {column}, which {table} lacks", f"correct {KEY}"
