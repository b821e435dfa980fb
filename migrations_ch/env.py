"""Alembic's entry to the ClickHouse history."""

from analytics import environment

environment.run("clickhouse")
