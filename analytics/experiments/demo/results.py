"""The results in ClickHouse: the experiment's rows, and the numbers of each arm."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

from analytics.experiments.connection import select
from analytics.experiments.demo.thornton import EXPERIMENT, Arm

ARMS = """
    SELECT
        variant_id,
        uniqExactMerge(users),
        uniqExactIfMerge(converting_users)
    FROM experiment_hourly_stats
    WHERE experiment_id = :experiment
    GROUP BY variant_id
"""
REVENUE = """
    SELECT variant_id, sum(value)
    FROM events_processed FINAL
    WHERE experiment_id = :experiment AND is_conversion
    GROUP BY variant_id
"""
EVENTS = """
    SELECT event_id, user_id, variant_id, event_type, value
    FROM events_processed FINAL
    WHERE experiment_id = :experiment
"""
ASSIGNMENTS = """
    SELECT assignment_id, user_id, variant_id
    FROM assignments_processed FINAL
    WHERE experiment_id = :experiment
"""
PERFORMANCE = """
    SELECT *
    FROM experiment_performance
    WHERE experiment_id = :experiment
"""
DICTIONARIES = ("experiments_dict", "variants_dict")


def arms(target: Connection) -> dict[str, Arm]:
    """Variant -> its arm: users by the hourly sets, revenue by the newest versions."""
    revenue = {v: money for v, money in select(target, REVENUE, experiment=EXPERIMENT)}
    return {
        variant: Arm(users, converted, revenue.get(variant) or Decimal(0))
        for variant, users, converted in select(target, ARMS, experiment=EXPERIMENT)
    }


def events(target: Connection) -> list[tuple[Any, ...]]:
    """Id, user, variant, type and value of every event, newest versions only."""
    return [tuple(row) for row in select(target, EVENTS, experiment=EXPERIMENT)]


def assignments(target: Connection) -> list[tuple[Any, ...]]:
    """Id, user and variant of every assignment, newest versions only."""
    return [tuple(row) for row in select(target, ASSIGNMENTS, experiment=EXPERIMENT)]


def reload(target: Connection) -> None:
    """Reload PostgreSQL's reference data now: ClickHouse reloads it from time to time only."""
    for dictionary in DICTIONARIES:
        target.execute(text(f"SYSTEM RELOAD DICTIONARY {dictionary}"))


def performance(target: Connection, experiment: str) -> dict[str, dict[str, Any]]:
    """Variant -> its row of `experiment_performance`, by the columns' names."""
    rows = [row._asdict() for row in select(target, PERFORMANCE, experiment=experiment)]
    return {row["variant_id"]: row for row in rows}


def sales(performance: Mapping[str, Mapping[str, Any]]) -> dict[str, Arm]:
    """Variant -> its arm, by `experiment_performance`."""
    return {
        variant: Arm(row["users"], row["converting_users"], row["revenue"])
        for variant, row in performance.items()
    }
