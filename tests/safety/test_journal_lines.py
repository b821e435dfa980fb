"""The journal's lines that wait in memory: in the store when it matters, and no loss in a crash."""

import os
import random
import re
from urllib.parse import urlsplit

import pytest

from analytics.errors import LockLost
from analytics.journal.entry import REVISION, Direction, State, unfinished
from analytics.journal.steps import WAITING, Steps, Work
from tests.safety import proxy as proxies
from tests.safety.conftest import VARIABLES
from tests.safety.releases import SAMPLE

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
    with steps.kept():
        for number in range(10):
            begin(steps, str(number))
            perform(steps)
            steps.end_earlier()
            steps.end()

    assert store.inserts == 10 + 1
    assert len(store.lines) == 40
    assert unfinished(store.lines[-1:]).steps[REVISION].is_end


def test_no_version_moves_while_the_end_of_an_earlier_revision_is_in_memory(steps, store):
    begin(steps)
    perform(steps)
    steps.end()
    begin(steps, "0002")  # without a step of its own

    steps.end_earlier()

    assert store.lines[-1].is_end
    assert store.lines[-1].revision == "0001"


def test_the_end_of_a_half_that_lacked_its_version_only_is_written_before_the_next(steps, store):
    begin(steps)
    perform(steps)
    half = unfinished(store.lines)

    steps.begin("0001", Direction.UP, half)
    steps.end()
    begin(steps, "0002")
    steps.end_earlier()

    assert store.short[-1:] == ENDED


def test_revisions_without_steps_wait_together_but_not_for_ever(steps, store):
    for number in range(WAITING):
        begin(steps, str(number))
        steps.end_earlier()
        steps.end()

    assert store.inserts == 2 * WAITING // (WAITING + 2)
    assert store.lines[-1].is_end


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_waits_is_written_when_the_run_fails(steps, store, error):
    with pytest.raises(error), steps.kept():
        begin(steps)
        steps.end()
        raise error

    assert store.short == BEGUN + ENDED


def test_without_the_lock_nothing_more_is_written(steps, store):
    with pytest.raises(LockLost), steps.kept():
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


LINES = rb"(?:\A|\r\n\r\n)\s*INSERT INTO analytics_journal"
VERSION = rb"(?:\A|\r\n\r\n)INSERT INTO alembic_version_log"
ROWS = rb"(?:\A|\r\n\r\n)INSERT INTO visits SELECT"
PLACES = {
    "clickhouse": {
        "upgrade": [(LINES, range(1, 6)), (VERSION, range(1, 6)), (ROWS, [1])],
        "downgrade": [(LINES, range(1, 5)), (VERSION, range(1, 6))],
    },
    "postgres": {
        "upgrade": [(rb"INSERT INTO analytics_journal", range(1, 4)), (rb"COMMIT", range(2, 7))],
        "downgrade": [(rb"INSERT INTO analytics_journal", range(1, 4)), (rb"COMMIT", range(1, 6))],
    },
}
MORE = {
    "0003": ("pass", "pass"),
    "0004": (
        'op.execute("CREATE TABLE IF NOT EXISTS later (n Int8) ENGINE = MergeTree ORDER BY n")',
        'op.execute("DROP TABLE IF EXISTS later")',
    ),
    "0005": ("pass", "pass"),
}
LOOK = {
    "clickhouse": [
        "SELECT name, comment FROM system.tables WHERE database = currentDatabase() ORDER BY 1",
        "SELECT version_num FROM alembic_version ORDER BY 1",
        "SELECT count() FROM (SELECT seq FROM analytics_journal GROUP BY seq HAVING count() > 1)",
    ],
    "postgres": [
        "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "ORDER BY 1",
        "SELECT version_num FROM alembic_version",
        "SELECT pubname FROM pg_publication",
        "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()",
        "SELECT 1 FROM pg_index WHERE NOT indisvalid",
    ],
}


@pytest.fixture
def longer(project):
    """The small project; two revisions of its ClickHouse history have no step."""
    versions = project.folder / "migrations_ch" / "versions"
    text = (versions / "0002_test.py").read_text()
    body = text.partition("def upgrade")[0]
    for number, (up, down) in MORE.items():
        below = f"{int(number) - 1:04}"
        head = body.replace("0001", below).replace('"0002"', f'"{number}"')
        said = f"def upgrade():\n    {up}\n\n\ndef downgrade():\n    {down}\n"
        (versions / f"{number}_test.py").write_text(head + said)
    return project


@pytest.fixture
def look(databases, store_name):
    """What is in a store, and how many rows."""

    def there():
        if store_name == "postgres":
            with databases.postgres() as connection:
                found = [list(connection.execute(query)) for query in LOOK[store_name]]
                rows = "SELECT count(*), sum(id) FROM people"
                has_rows = ("people", "r") in found[0]
                return found, list(connection.execute(rows)) if has_rows else None
        found = [databases.clickhouse(query) for query in LOOK[store_name]]
        has_rows = any(row[0] == "visits" for row in found[0])
        return found, has_rows and databases.clickhouse("SELECT count(), sum(n) FROM visits")

    return there


@pytest.fixture
def store_name(request):
    return request.param


@pytest.fixture
def killed(longer, store_name, databases):
    """Runs a way in a process that is killed at a message; whether it came to that."""
    variable = VARIABLES[store_name]
    address = urlsplit(os.environ[variable])
    with proxies.running(address.hostname, address.port) as (proxy, port):
        through = {variable: address.geturl().replace(f":{address.port}", f":{port}")}

        def kill(verb, text, at, when):
            process = longer.start(store_name, verb, **through)
            proxy.arm(at, when, process.kill, of=text)
            output, _ = process.communicate(timeout=60)
            assert process.returncode in (0, -9), output
            return process.returncode == -9

        yield kill


def places(name, verb):
    """Every place on a way, before and after its message; a sample of them unless FAULTS=0."""
    found = [
        (text, at, when)
        for text, numbers in PLACES[name][verb]
        for at in numbers
        for when in ("before", "after")
    ]
    return random.sample(found, min(SAMPLE, len(found))) if SAMPLE else found


@pytest.fixture
def run_again(longer, store_name, databases):
    """Runs a way to its end; of the step that may run once only, its user says if it did."""

    def run(verb):
        code, said = longer.run(store_name, verb)
        asked = re.search(r"analytics resolve (\w+) (\d+)", said)
        if code and asked and "the server does not know what came of it" in said:
            rows = databases.clickhouse("SELECT count() FROM visits")
            happened = "--done" if rows == [["1000"]] else "--failed"
            answer = ["resolve", *asked.groups(), happened, "--reason", "looked"]
            assert longer.start_release(*answer).wait(60) == 0
            code, said = longer.run(store_name, verb)
        return code, said

    return run


@pytest.mark.services
@pytest.mark.parametrize("store_name", PLACES, indirect=True)
@pytest.mark.parametrize("verb", ["upgrade", "downgrade"])
@pytest.mark.parametrize("is_same", [True, False], ids=["same", "other"])
def test_a_kill_at_a_line_or_a_version_loses_nothing(
    longer, look, killed, run_again, store_name, verb, is_same
):
    other = "downgrade" if verb == "upgrade" else "upgrade"
    ends = {}
    for each in ("upgrade", "downgrade", *(["upgrade"] if verb == "downgrade" else [])):
        assert longer.run(store_name, each)[0] == 0
        ends[each] = look()

    for text, at, when in places(store_name, verb):
        then = verb if is_same else other
        came = killed(verb, text, at, when)
        code, said = run_again(then)
        assert (code, look()) == (0, ends[then]), f"{verb}, {text} {at} {when} ({came}): {said}"
        if is_same:
            assert longer.run(store_name, other)[0] == 0
