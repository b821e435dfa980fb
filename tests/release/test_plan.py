"""A plan as a value: its fingerprint, its JSON, and the changes between two of them."""

import json
from dataclasses import replace

import pytest

from analytics.errors import PlanError
from analytics.journal.entry import Direction
from analytics.release import losses
from analytics.release.plan import (
    Plan,
    PlannedRevision,
    PlannedStep,
    StoreState,
    differences,
)
from analytics.release.plan_file import from_json, to_json
from analytics.sql.impact import Impact

DROP = PlannedStep("DROP TABLE a", "d1", Impact("drops table a", tables=("a",)), rows=7)
ADD = PlannedStep("ALTER TABLE b ...", "d2", Impact(blocks="rewrites b"), reruns="it looks first")
REVISION = PlannedRevision("clickhouse", "0003", "Do it.", (DROP, ADD))
STORE = StoreState("127.0.0.1:8123/shop", ("0002",), {"a": "d3"})
PLAN = Plan(
    Direction.UP,
    ("heads",),
    (REVISION,),
    {"clickhouse": STORE},
    after={"clickhouse": ("0003",)},
)


def store(**changes):
    return replace(PLAN, stores={"clickhouse": replace(STORE, **changes)})


def steps(*changed):
    return replace(PLAN, revisions=(replace(REVISION, steps=changed),))


def test_json_and_back_is_the_same_plan():
    assert from_json(to_json(PLAN)) == PLAN


def test_the_fingerprint_does_not_count_rows():
    assert steps(replace(DROP, rows=8), ADD).fingerprint == PLAN.fingerprint


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (store(server="db:8123/shop"), "clickhouse is db:8123/shop, and was 127.0.0.1:8123/shop"),
        (store(heads=()), "clickhouse is at base, and was 0002"),
        (store(tables={}), "table clickhouse.a no longer exists"),
        (store(tables={"a": "d3", "b": "d4"}), "table clickhouse.b is new"),
        (store(tables={"a": "d4"}), "table clickhouse.a has changed"),
        (
            store(half_done="0003", half_done_steps="half-way"),
            "clickhouse is half-way, and was whole",
        ),
        (steps(DROP), "revision clickhouse@0003 has changed"),
        (replace(PLAN, revisions=()), "revision clickhouse@0003 no longer exists"),
        (replace(PLAN, undoes=4), "the undoing of release 4 is new"),
    ],
)
def test_what_changed_is_named_and_changes_the_fingerprint(now, change):
    assert differences(PLAN, now) == [change]
    assert now.fingerprint != PLAN.fingerprint


def test_nothing_differs_between_a_plan_and_itself():
    assert differences(PLAN, PLAN) == []


def test_losses_name_revision_step_and_rows():
    unknown = replace(DROP, rows=None)

    (loss,) = losses.of(PLAN)
    assert loss.text == "clickhouse@0003, step 1: drops table a (about 7 rows)"
    (loss,) = losses.of(steps(unknown))
    assert loss.text == "clickhouse@0003, step 1: drops table a (rows not counted)"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"direction": "sideways"}'])
def test_a_text_that_is_not_a_plan_is_refused(text):
    with pytest.raises(PlanError, match="this is not a plan"):
        from_json(text)


def test_an_edited_plan_is_refused():
    values = json.loads(to_json(PLAN))
    values["targets"] = ["base"]

    with pytest.raises(PlanError, match="was edited"):
        from_json(json.dumps(values))
