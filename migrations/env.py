"""Alembic's entry to the PostgreSQL history."""

from analytics import environment
from migrations.schema import SCHEMA, metadata


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Compare nothing but our own schema."""
    return kind != "schema" or name == SCHEMA


environment.run(
    "postgres",
    target_metadata=metadata,
    include_schemas=True,
    include_name=ours,
    compare_server_default=True,
)
