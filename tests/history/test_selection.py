"""The selection over both histories: targets, what they require, and what requires them."""

from pathlib import Path

import pytest

from analytics.errors import Irreversible, Refused, TargetError
from analytics.history import selection
from analytics.history.graph import History
from tests.history.test_order import chain, ids

BASE = {"postgres": (), "clickhouse": ()}
TOP = {"postgres": ("p4",), "clickhouse": ("c3",)}


@pytest.fixture
def histories():
    """p1..p4 and c1..c3, where c2 requires p3."""
    requires = {"c2": ("postgres@p3",)}
    return {
        "postgres": History(Path("pg"), tuple(chain("postgres", 4))),
        "clickhouse": History(Path("ch"), tuple(chain("clickhouse", 3, requires=requires))),
    }


@pytest.mark.parametrize(
    ("named", "order"),
    [
        (["heads"], "p1 p2 p3 p4 c1 c2 c3"),
        (["clickhouse@c1"], "c1"),
        (["clickhouse@c2"], "p1 p2 p3 c1 c2"),
        (["p2"], "p1 p2"),
        (["postgres@+1", "c1"], "p1 c1"),
        (["base"], ""),
    ],
)
def test_upgrade_runs_the_target_and_what_it_requires(histories, named, order):
    assert ids(selection.upgrade(histories, named, BASE)) == order


def test_upgrade_leaves_out_what_is_applied(histories):
    heads = {"postgres": ("p3",), "clickhouse": ("c1",)}

    assert ids(selection.upgrade(histories, ["heads"], heads)) == "p4 c2 c3"


@pytest.mark.parametrize(
    ("named", "order"),
    [
        (["base"], "c3 c2 c1 p4 p3 p2 p1"),
        (["postgres@p3"], "p4"),
        (["postgres@p2"], "c3 c2 p4 p3"),
        (["clickhouse@-1"], "c3"),
        (["clickhouse@base"], "c3 c2 c1"),
        (["p3", "c2"], "c3 p4"),
        (["heads"], ""),
    ],
)
def test_downgrade_takes_back_what_requires_the_target_as_well(histories, named, order):
    assert ids(selection.downgrade(histories, named, TOP)) == order


def test_downgrade_stops_before_what_cannot_be_taken_back(histories):
    fixed = chain("clickhouse", 3, irreversible={"c3": "rows are gone"})
    histories["clickhouse"] = History(Path("ch"), tuple(fixed))

    with pytest.raises(Irreversible, match=r"clickhouse@c3 cannot be taken back \(rows are gone\)"):
        selection.downgrade(histories, ["c1"], TOP)


def test_undo_takes_back_what_a_release_brought(histories):
    before = {"postgres": ("p3",), "clickhouse": ("c1",)}

    assert ids(selection.undo(histories, before, TOP, TOP)) == "c3 c2 p4"


def test_undo_goes_on_where_it_stopped(histories):
    before = {"postgres": ("p3",), "clickhouse": ("c1",)}
    now = {"postgres": ("p4",), "clickhouse": ("c2",)}

    assert ids(selection.undo(histories, before, TOP, now)) == "c2 p4"


def test_undo_is_refused_when_something_came_since(histories):
    after = {"postgres": ("p4",), "clickhouse": ("c2",)}

    with pytest.raises(Refused, match=r"^clickhouse@c3 came after the last release"):
        selection.undo(histories, BASE, after, TOP)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (["x9"], "no history has a revision x9"),
        (["+1"], r"\+1 of which history"),
        (["kafka@1"], "there is no history kafka"),
        (["heads", "p1"], "postgres has two targets"),
    ],
)
def test_a_target_that_cannot_be_told_is_named(histories, named, said):
    with pytest.raises(TargetError, match=said):
        selection.upgrade(histories, named, BASE)


def test_a_number_that_both_histories_have_is_asked_about():
    revisions = chain("postgres", 2)
    histories = {name: History(Path(name), tuple(revisions)) for name in BASE}

    with pytest.raises(TargetError, match="write postgres@p1 or clickhouse@p1, or both"):
        selection.upgrade(histories, ["p1"], BASE)
