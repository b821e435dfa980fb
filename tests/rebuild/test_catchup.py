"""The rows that come during a rebuild: kept as they are, computed later, and never in the way."""

import pytest

from analytics.rebuild import catchup, record, verify
from analytics.rebuild.outline import Goal
from analytics.rebuild.record import State

pytestmark = pytest.mark.slow

FAILS = "throwIf(id % 100000 = 50000, 'not for this row')"
GOAL = Goal("tens_mv", {"tens_mv": 2})
BACK = Goal("tens_mv", {"tens_mv": 1})


@pytest.fixture
def tens(own):
    """Ids counted by tens; version 2 fails on some."""
    own.define(
        "source",
        "CREATE TABLE source (id UInt64) ENGINE = MergeTree PARTITION BY id % 3 ORDER BY id",
    )
    own.define(
        "tens", "CREATE TABLE tens (k UInt64, c UInt64) ENGINE = SummingMergeTree ORDER BY k"
    )
    view = "CREATE MATERIALIZED VIEW tens_mv TO tens AS SELECT (id{}) % 10 AS k, count() AS c"
    own.define(
        "tens_mv",
        *(f"{view.format(more)} FROM source GROUP BY k" for more in ("", f" + {FAILS}", " + 1")),
    )
    own.ask("INSERT INTO source SELECT number FROM numbers(2000)")
    return own


def counted(stage):
    return stage.ask("SELECT (SELECT count() FROM source), (SELECT sum(c) FROM tens)")


def test_a_row_on_which_the_next_version_fails_stops_the_rebuild_and_no_insert(tens):
    there = tens.objects()
    tens.ask("INSERT INTO source VALUES (50000)")

    with pytest.raises(Exception, match="not for this row"):
        tens.rebuild(GOAL)
    tens.ask("INSERT INTO source VALUES (150000)")

    assert counted(tens) == [[2002, 2002]]
    tens.rebuild(BACK)
    assert tens.objects() == there
    tens.rebuild(Goal("tens_mv", {"tens_mv": 3}))
    assert counted(tens) == [[2002, 2002]]


@pytest.mark.parametrize("moment", ["before the verification", "at the end"])
def test_such_a_row_that_comes_meanwhile_stops_it_the_same_way(moment, tens, monkeypatch):
    there = tens.objects()
    taken = catchup.waiting if moment == "before the verification" else catchup.take

    def come(server, *arguments):
        server.send("INSERT INTO source SELECT 50000 + number FROM numbers(6000)")
        return taken(server, *arguments)

    monkeypatch.setattr(catchup, taken.__name__, come)
    with pytest.raises(Exception, match="not for this row"):
        tens.rebuild(GOAL)

    assert tens.ask("SELECT count() - (SELECT sum(c) FROM tens) FROM source") == [[0]]
    monkeypatch.undo()
    tens.rebuild(BACK)
    assert tens.objects() == there


@pytest.mark.parametrize("rows", [1, 6_000, 30_000])
def test_rows_that_come_at_any_step_are_counted_once(rows, tens, monkeypatch):
    """At each of them some are inserted: a few wait for the end, many are a batch of their own."""
    came = []

    def at(module, name):
        step = getattr(module, name)

        def come(*arguments, **options):
            if len(came) < 8:
                came.append(rows)
                first = 1_000_000 * len(came)
                tens.ask(f"INSERT INTO source SELECT {first} + number * 2 FROM numbers({rows})")
            return step(*arguments, **options)

        monkeypatch.setattr(module, name, come)

    at(catchup, "run")
    at(catchup, "take")
    at(verify, "shadows")
    tens.rebuild(Goal("tens_mv", {"tens_mv": 3}))

    total = 2000 + sum(came)
    assert len(came) >= 4
    assert counted(tens) == [[total, total]]
    assert tens.ask("SELECT sum(c) FROM tens WHERE k = 1") == tens.ask(
        "SELECT count() FROM source WHERE (id + 1) % 10 = 1"
    )
    tens.rebuild(BACK)
    assert counted(tens) == [[total, total]]


@pytest.mark.parametrize("state", [State.BATCH, State.CHUNK, State.CAUGHT_UP, State.COMPARED])
def test_a_run_that_died_after_a_line_of_its_record_is_continued(state, tens, monkeypatch):
    class Died(BaseException):
        """Nothing of the rebuild's own catches this."""

    write = record.Record.write

    def die(self, written, *arguments, **detail):
        write(self, written, *arguments, **detail)
        if written is state:
            raise Died

    monkeypatch.setattr(record.Record, "write", die)
    with pytest.raises(Died):
        tens.rebuild(Goal("tens_mv", {"tens_mv": 3}))
    monkeypatch.undo()
    tens.ask("INSERT INTO source SELECT 10000 + number FROM numbers(7000)")

    tens.rebuild(Goal("tens_mv", {"tens_mv": 3}))

    assert counted(tens) == [[9000, 9000]]
    assert record.unfinished(tens.server()) == []


def test_rows_that_a_killed_run_moves_late_into_a_batch_are_computed(tens, monkeypatch):
    """Its statement begins when the batch is computed already, and before the swap."""
    shadows, source = verify.shadows, tens.database

    def late(server, *arguments, **options):
        verdict = shadows(server, *arguments, **options)
        tens.ask("INSERT INTO source SELECT 90000 + number FROM numbers(30)")
        for (partition,) in tens.ask(catchup.PARTITIONS.replace("%(table)s", "'source__since'")):
            tens.ask(
                f"ALTER TABLE {source}.source__since MOVE PARTITION ID '{partition}' "
                f"TO TABLE {source}.source__since_4"
            )
        return verdict

    monkeypatch.setattr(verify, "shadows", late)
    monkeypatch.setattr(catchup, "FEW", 0)
    run = catchup.run

    def come(*arguments):
        tens.ask("INSERT INTO source SELECT 50001 + number FROM numbers(10)")
        run(*arguments)

    monkeypatch.setattr(catchup, "run", come)
    tens.rebuild(Goal("tens_mv", {"tens_mv": 3}))

    assert counted(tens) == [[2050, 2050]]


def test_a_rebuild_that_died_while_it_was_given_up_starts_again(tens, monkeypatch):
    class Died(BaseException):
        """Nothing of the rebuild's own catches this."""

    def die(*_, **__):
        raise Died

    monkeypatch.setattr(verify, "shadows", die)
    with pytest.raises(Died):
        tens.rebuild(Goal("tens_mv", {"tens_mv": 3}))
    monkeypatch.undo()
    (left,) = record.unfinished(tens.server())
    left.write(State.DROPPING)
    tens.ask("DROP TABLE tens__chunk_1")

    tens.rebuild(Goal("tens_mv", {"tens_mv": 3}))

    assert counted(tens) == [[2000, 2000]]
    assert record.unfinished(tens.server()) == []
