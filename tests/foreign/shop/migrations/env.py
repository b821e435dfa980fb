"""Alembic's entry to the shop's history of postgres."""

from analytics import environment

environment.run("postgres")
