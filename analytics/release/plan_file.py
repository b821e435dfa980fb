"""A plan as a file: JSON, with its fingerprint."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from analytics.errors import PlanError
from analytics.journal.entry import Direction
from analytics.release.plan import Plan, PlannedRevision, PlannedStep, StoreState
from analytics.sql.impact import Impact

Values = dict[str, Any]  # as JSON has them


def to_json(plan: Plan) -> str:
    """The text of a plan and its fingerprint."""
    values = {"fingerprint": plan.fingerprint} | asdict(plan)
    return json.dumps(values, indent=2, ensure_ascii=False)


def from_json(text: str | bytes) -> Plan:
    """The plan that `to_json` has written; PlanError if the text is not one, or was edited."""
    try:
        values = json.loads(text)
        plan = _plan(values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PlanError(
            f"this is not a plan ({error})", "write one with `analytics plan --json`"
        ) from None
    if plan.fingerprint != values.get("fingerprint"):
        raise PlanError(
            "the plan was edited: its fingerprint does not match",
            f"make a new one with `{plan.command}`",
        )
    return plan


def _plan(values: Values) -> Plan:
    return Plan(
        direction=Direction(values["direction"]),
        targets=tuple(values["targets"]),
        revisions=tuple(map(_revision, values["revisions"])),
        stores={name: _store(each) for name, each in values["stores"].items()},
        after={name: tuple(heads) for name, heads in values["after"].items()},
        undoes=values["undoes"],
    )


def _revision(values: Values) -> PlannedRevision:
    return PlannedRevision(**values | {"steps": tuple(map(_step, values["steps"]))})


def _step(values: Values) -> PlannedStep:
    names = {each: tuple(values["impact"][each]) for each in ("tables", "lost")}
    impact = Impact(**values["impact"] | names)
    texts = {each: tuple(values[each]) for each in ("needs", "privileges")}
    return PlannedStep(**values | texts | {"impact": impact})


def _store(values: Values) -> StoreState:
    return StoreState(**values | {"heads": tuple(values["heads"])})
