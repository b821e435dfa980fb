"""The lines of a run: which of them wait in memory, and when they are in the store."""

import pytest

from analytics.errors import LockLost
from analytics.journal.entry import REVISION, Direction, State, unfinished
from analytics.journal.lines import WAITING
from analytics.journal.steps import Steps
from analytics.journal.work import Work

SENT = [(1, State.SENT)]
BEGUN = [(REVISION, State.SENT)]
ENDED = [(REVISION, State.DONE)]


class Store:
    """A journal in memory, as a fake of the server."""

    def __init__(self):
        self.lines, self.inserts = [], 0

    def append(self, *lines):
        self.lines += lines
        self.inserts += 1

    @property
    def short(self):
        return [(line.step, line.state) for line in self.lines]


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def watched():
    return []


@pytest.fixture
def steps(store, watched):
    return Steps(
        database="d",
        journal=store,
        check=lambda: None,
        wrote=lambda line: watched.append((line.step, line.state)),
        settle=lambda _: None,
        finish=lambda _: None,
        refused=lambda _: True,
        redact=str,
        is_atomic=False,
    )


def begin(steps, revision="0001", half=None):
    steps.begin(revision, Direction.UP, half)


def perform(steps, *, once=False, seen=None):
    steps.perform(Work("execute", "x", "x", once=once), lambda: seen and seen())


def test_a_step_is_in_the_store_with_the_beginning_before_it_is_sent(steps, store):
    at_that_time = []

    begin(steps)
    perform(steps, seen=lambda: at_that_time.extend(store.short))

    assert at_that_time == BEGUN + SENT
    assert store.inserts == 1


def test_that_a_step_is_done_waits_unless_it_may_not_be_sent_twice(steps, store):
    begin(steps)
    perform(steps)
    assert store.short == BEGUN + SENT

    perform(steps, once=True)

    assert store.short[2:] == [(1, State.DONE), (2, State.SENT), (2, State.DONE)]


def test_who_watches_gets_every_line_at_its_moment(steps, store, watched):
    begin(steps)
    perform(steps)
    steps.end()

    assert watched == [*BEGUN, *SENT, (1, State.DONE), *ENDED]
    assert store.short == BEGUN + SENT


def test_a_revision_after_another_takes_one_insert(steps, store):
    with steps.lines.kept():
        for number in range(10):
            begin(steps, str(number))
            perform(steps)
            steps.lines.end_earlier()
            steps.end()

    assert store.inserts == 10 + 1
    assert len(store.lines) == 40
    assert unfinished(store.lines[-1:]).steps[REVISION].is_end


def test_no_version_moves_while_the_end_of_an_earlier_revision_is_in_memory(steps, store):
    begin(steps)
    perform(steps)
    steps.end()
    begin(steps, "0002")  # without a step of its own

    steps.lines.end_earlier()

    assert store.lines[-1].is_end
    assert store.lines[-1].revision == "0001"


def test_the_end_of_a_half_that_lacked_its_version_only_is_written_before_the_next(steps, store):
    begin(steps)
    perform(steps)
    half = unfinished(store.lines)

    steps.begin("0001", Direction.UP, half)
    steps.end()
    begin(steps, "0002")
    steps.lines.end_earlier()

    assert store.short[-1:] == ENDED


def test_revisions_without_steps_wait_together_but_not_for_ever(steps, store):
    for number in range(WAITING):
        begin(steps, str(number))
        steps.lines.end_earlier()
        steps.end()

    assert store.inserts == 2 * WAITING // (WAITING + 2)
    assert store.lines[-1].is_end


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_waits_is_written_when_the_run_fails(steps, store, error):
    with pytest.raises(error), steps.lines.kept():
        begin(steps)
        steps.end()
        raise error

    assert store.short == BEGUN + ENDED


def test_without_the_lock_nothing_more_is_written(steps, store):
    with pytest.raises(LockLost), steps.lines.kept():
        begin(steps)
        steps.end()
        raise LockLost("the lock", "again")

    assert store.lines == []


def test_what_the_store_has_refused_is_not_written_later(steps, store):
    def refuse(*_):
        raise ValueError

    begin(steps)
    append, store.append = store.append, refuse
    with pytest.raises(ValueError):
        perform(steps)
    store.append = append
    steps.fail(ValueError("x"))

    assert store.short == [(REVISION, State.FAILED)]
