"""A process killed beside any line of the journal or version: the next run loses nothing."""

import os
import random
import re
from urllib.parse import urlsplit

import pytest

from tests.safety import proxy as proxies
from tests.safety.conftest import VARIABLES
from tests.safety.releases import SAMPLE

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
        if code and asked and "the server does not know its outcome" in said:
            rows = databases.clickhouse("SELECT count() FROM visits")
            happened = "--done" if rows == [["1000"]] else "--failed"
            answer = ["resolve", *asked.groups(), happened, "--reason", "looked"]
            process = longer.start_release(*answer)
            _, said = process.communicate(timeout=60)
            assert process.returncode == 0, said
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
