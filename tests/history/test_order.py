"""The order over both histories: requirements, preference, and what may be taken back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import (
    HistoryError,
    Irreversible,
    RequirementCycle,
    RequirementMissing,
    StillRequired,
)
from analytics.history import names, order
from analytics.history.graph import History
from analytics.history.revision import Revision

NAMES = tuple(names.NAMES)


def chain(name, count, requires=None, irreversible=None):
    """A linear history p1 <- p2 <- ... or c1 <- c2 <- ..."""
    letter = name[0]
    return [
        Revision(
            id=f"{letter}{n}",
            down=(f"{letter}{n - 1}",) if n > 1 else (),
            title=f"Do {letter}{n}.",
            requires=(requires or {}).get(f"{letter}{n}", ()),
            irreversible=(irreversible or {}).get(f"{letter}{n}"),
            file=f"{letter}{n}.py",
        )
        for n in range(1, count + 1)
    ]


def both(postgres, clickhouse, **more):
    """A linear history of each store, with that many revisions."""
    return {
        "postgres": chain("postgres", postgres, **more),
        "clickhouse": chain("clickhouse", clickhouse, **more),
    }


def part(chosen, start=0, stop=None):
    """The same slice of both histories."""
    return {name: revisions[start:stop] for name, revisions in chosen.items()}


def ids(steps):
    """A list of steps as words."""
    return " ".join(revision.id for _, revision in steps)


def upwards(chosen):
    """Everything from nothing."""
    return ids(order.upwards(chosen, {}))


def test_postgres_comes_first():
    assert upwards(both(2, 2)) == "p1 p2 c1 c2"


def test_postgres_waits_for_what_it_requires():
    chosen = both(3, 3, requires={"p2": ("clickhouse@c2",)})

    assert upwards(chosen) == "p1 c1 c2 p2 p3 c3"


def test_requirements_lead_to_and_fro():
    requires = {"p2": ("clickhouse@c1",), "c2": ("postgres@p2",), "p3": ("clickhouse@c2",)}

    assert upwards(both(3, 2, requires=requires)) == "p1 c1 p2 c2 p3"


def test_what_is_applied_is_no_longer_waited_for():
    chosen = both(2, 2, requires={"p2": ("clickhouse@c1",)})

    assert ids(order.upwards(part(chosen, 1), part(chosen, 0, 1))) == "p2 c2"


def test_a_requirement_out_of_the_plan_is_named_with_its_command():
    chosen = both(1, 2, requires={"p1": ("clickhouse@c2",)})

    with pytest.raises(
        RequirementMissing,
        match=r"postgres@p1 requires clickhouse@c2, .*`alembic -n clickhouse upgrade c2`",
    ):
        order.upwards(part(chosen, 0, 1), {})


def test_the_command_for_postgres_is_plain_alembic():
    chosen = both(1, 1, requires={"c1": ("postgres@p1",)})

    with pytest.raises(RequirementMissing, match=r"run `alembic upgrade p1` first"):
        order.upwards({"clickhouse": chosen["clickhouse"]}, {})


def test_a_circle_is_named():
    chosen = both(2, 2, requires={"p1": ("clickhouse@c2",), "c1": ("postgres@p2",)})

    with pytest.raises(RequirementCycle) as raised:
        upwards(chosen)
    for name in ("postgres@p1", "postgres@p2", "clickhouse@c1", "clickhouse@c2"):
        assert name in raised.value.thing
    assert raised.value.remedy.startswith("remove a `requires` from")


@pytest.mark.parametrize("wanted", ["postgres@p9", "kafka@k1", "p1"])
def test_what_is_required_and_not_there_is_named(wanted):
    chosen = both(1, 1, requires={"c1": (wanted,)})

    with pytest.raises(
        HistoryError, match=f"clickhouse@c1 requires {wanted}, which does not exist"
    ):
        order.check({n: History(Path(n), tuple(r)) for n, r in chosen.items()})


def test_a_revision_that_stays_keeps_what_it_requires():
    chosen = both(2, 3, requires={"c2": ("postgres@p2",), "c3": ("postgres@p2",)})

    with pytest.raises(StillRequired) as raised:
        order.downwards({"postgres": chosen["postgres"][1:]}, chosen)
    assert str(raised.value) == (
        "clickhouse@c2 requires postgres@p2; clickhouse@c3 requires postgres@p2: "
        "take it back first with `alembic -n clickhouse downgrade c1`"
    )


def test_dependants_are_taken_back_first():
    chosen = both(2, 2, requires={"p2": ("clickhouse@c2",)})

    assert ids(order.downwards(part(chosen, 1), chosen)) == "p2 c2"


def test_an_irreversible_revision_stops_a_downgrade_before_it_starts():
    chosen = both(3, 3, requires={"p2": ("clickhouse@c2",)}, irreversible={"p2": "rows are gone"})

    with pytest.raises(Irreversible) as raised:
        order.downwards(chosen, chosen)
    assert str(raised.value) == (
        "postgres@p2 cannot be taken back (rows are gone): "
        "go back as far as possible: `analytics downgrade postgres@p2 clickhouse@c2`, "
        "or restore a backup"
    )


def test_a_downgrade_that_ends_above_an_irreversible_revision_is_free():
    chosen = both(3, 3, irreversible={"p2": "rows are gone"})

    assert ids(order.downwards(part(chosen, 2), chosen)) == "c3 p3"


@st.composite
def releases(draw):
    """Two histories with branches, merges and requirements that can be fulfilled."""
    sides = draw(st.lists(st.sampled_from(NAMES), max_size=12))
    chosen = {name: [] for name in NAMES}
    for n, name in enumerate(sides):
        own = [revision.id for revision in chosen[name]]
        others = [f"{side}@{n}" for n, side in enumerate(sides[:n])]
        down = draw(st.lists(st.sampled_from(own), max_size=2, unique=True)) if own else []
        wanted = draw(st.lists(st.sampled_from(others), max_size=2)) if others else []
        made = Revision(str(n), tuple(down), "", tuple(wanted), irreversible=None, file="")
        chosen[name].append(made)
    return chosen


@given(releases())
def test_every_revision_comes_after_all_that_it_needs(chosen):
    steps = order.upwards(chosen, {})

    place = {f"{name}@{revision.id}": n for n, (name, revision) in enumerate(steps)}
    assert len(place) == sum(map(len, chosen.values()))
    for name, revision in steps:
        for needed in (*(f"{name}@{each}" for each in revision.down), *revision.requires):
            assert place[needed] < place[f"{name}@{revision.id}"]


@given(releases())
def test_postgres_waits_only_where_it_must(chosen):
    steps = order.upwards(chosen, {})

    for n, (name, _) in enumerate(steps):
        done = {f"{side}@{revision.id}" for side, revision in steps[:n]}
        free = [
            revision
            for side, revision in steps[n:]
            if side == "postgres"
            and done.issuperset(f"postgres@{each}" for each in revision.down)
            and done.issuperset(revision.requires)
        ]
        assert name == "postgres" or not free


@given(releases(), st.data())
def test_the_way_back_is_the_way_there_reversed(chosen, data):
    whole = order.upwards(chosen, {})
    applied = whole[: data.draw(st.integers(0, len(whole)))]
    there = {name: [r for r in chosen[name] if (name, r) in applied] for name in NAMES}
    to_come = {name: [r for r in chosen[name] if (name, r) not in applied] for name in NAMES}
    newest_first = {name: revisions[::-1] for name, revisions in to_come.items()}

    up = order.upwards(to_come, there)
    assert order.downwards(newest_first, chosen) == up[::-1]
