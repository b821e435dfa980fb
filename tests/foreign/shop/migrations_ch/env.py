"""Alembic's entry to the shop's history of clickhouse."""

from analytics import environment

environment.run("clickhouse")
