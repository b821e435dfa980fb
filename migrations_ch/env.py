"""Alembic's entry to the ClickHouse history."""

from sqlalchemy import MetaData

from analytics import environment

environment.run(
    "clickhouse",
    target_metadata=MetaData(),  # objects are definitions, not tables of SQLAlchemy's
)
